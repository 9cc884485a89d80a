"""The survey of businesses (NæringsPuls): what a wave asked, what of it may be shown, and how sure its figures are."""
