"""Who supplies whom: relations of enterprises to buyers, with tier, dates and evidence."""
