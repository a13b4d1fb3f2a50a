"""What every page stands on: context, components, charts, pager."""
