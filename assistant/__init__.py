"""Answering: a question becomes a cited, verified answer.

Imports from `index` and `corpus`; `assistant.ui` shows results and does no answering.
"""
