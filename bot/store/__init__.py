"""SQLAlchemy Core behind the desk's ports; migrations by Alembic."""
