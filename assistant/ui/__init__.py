"""An `ask` result as HTML, the pages of documents, and the chat page. No answering in here."""
