"""What every page stands on: context, components, charts, forms, pager."""
