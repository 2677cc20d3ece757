"""An e-mail becomes a reply whose statements are cited; nothing is sent."""
