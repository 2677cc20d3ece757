"""`call-assistant account`: the accounts of the helpdesk's staff, made and changed here alone."""

import sys
from contextlib import closing
from getpass import getpass

from assistant.clock import day_in_words
from assistant.passwords import BadPassword
from assistant.settings import Settings
from assistant.storage.accounts import Accounts
from assistant.storage.database import Database

MOST_READ = 4_096
"""Characters of standard input that are read for a password."""


def manage_accounts(settings: Settings, action: str, name: str) -> None:
    """Do one of `add`, `list`, `password` and `remove`.

    A password comes from a prompt or the first line of standard input, never from the arguments, which others can see.
    Raises `AccountError`, `BadPassword` or `DatabaseError`.
    """
    with closing(Database(settings.database)) as database:
        accounts = Accounts(database)
        if action == "list":
            for account in accounts.all():
                since = day_in_words(account.password_set.date(), "en")
                print(f"{account.name}, password set on {since}")
        elif action == "add":
            accounts.add(name, _password())
            print(f"The account {name} was made. Sign in at /helpdesk.")
        elif action == "password":
            accounts.set_password(name, _password())
            print(f"The password of {name} was changed, and all sessions of {name} ended.")
        elif action == "remove":
            accounts.remove(name)
            print(f"The account {name} was removed.")


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline(MOST_READ).rstrip("\r\n")
    password = getpass("Password, at least 15 characters: ")
    if getpass("The same again: ") != password:
        raise BadPassword("the two passwords differ: try again")
    return password
