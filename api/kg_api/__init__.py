"""The HTTP face of Spoorboek. It imports `kg`; `kg` never imports it, except to start it."""
