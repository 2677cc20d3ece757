"""What is kept in the database. The one door to SQLAlchemy and Alembic; `database.py` is where to start."""
