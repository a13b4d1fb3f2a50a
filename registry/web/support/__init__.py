"""Pages of support: programmes, activities, participants, incentives, cohorts. Closed."""
