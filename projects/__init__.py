"""Projects: the project accounts of a company, with their secrets; each may stand in a city."""
