"""The helpdesk's workspace: an application of its own at `/helpdesk`, for those who are signed in; `app.py` is where
to start.
"""
