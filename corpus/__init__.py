"""Reading documents faithfully: files of a corpus folder become `Document` records with exact offsets.

Nothing in here knows of passages, stores or answers.
"""
