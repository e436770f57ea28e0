"""Pictures of scores as geometry: where things lie on the page; how they look is the template's."""
