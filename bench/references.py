"""What the search is measured beside: plain BM25, LangChain's tutorial pipeline, and the multilingual model alone.

All take the documents' texts by ID and give, for each question, the IDs of the documents found, best first.
"""

from collections.abc import Mapping, Sequence

import bm25s
import chromadb
import numpy as np
import Stemmer
from chromadb.config import Settings
from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

from index.embed import BUILT_IN_MODEL, MULTILINGUAL_MODEL, load_embedder

DEPTH = 50
"""Texts that BM25 finds."""
CHUNK, OVERLAP, TOP = 1000, 200, 4
"""The tutorial's figures: characters in a chunk, those it shares with the one before, and chunks that are found."""


def bm25(documents: Mapping[str, str], questions: Sequence[str]) -> list[list[str]]:
    """bm25s as it comes, over whole documents, with its English stop words and a stemmer."""
    names = list(documents)
    stemmer = Stemmer.Stemmer("english")
    index = bm25s.BM25()
    texts = list(documents.values())
    index.index(bm25s.tokenize(texts, stopwords="en", stemmer=stemmer, show_progress=False), show_progress=False)
    tokens = bm25s.tokenize(list(questions), stopwords="en", stemmer=stemmer, show_progress=False)
    found = index.retrieve(tokens, k=min(DEPTH, len(names)), show_progress=False)
    return [
        [names[n] for n, score in zip(row, scores, strict=True) if score > 0]
        for row, scores in zip(found.documents, found.scores, strict=True)
    ]


def tutorial(documents: Mapping[str, str], questions: Sequence[str]) -> list[list[str]]:
    """Recursive splitter 1000/200, all-MiniLM-L6-v2, Chroma, the four nearest chunks."""
    splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK, chunk_overlap=OVERLAP)
    chunks = splitter.split_documents([Document(text, metadata={"id": name}) for name, text in documents.items()])
    client = chromadb.EphemeralClient(Settings(_env_file=None, anonymized_telemetry=False))  # type: ignore[call-arg]
    store = Chroma("tutorial", embedding_function=_MiniLM(), client=client)
    try:
        for first in range(0, len(chunks), 5000):
            store.add_documents(chunks[first : first + 5000])
        retriever = store.as_retriever(search_kwargs={"k": TOP})
        found = [retriever.invoke(question) for question in questions]
    finally:
        store.delete_collection()
    return [list(dict.fromkeys(str(chunk.metadata["id"]) for chunk in row)) for row in found]


def e5_alone(documents: Mapping[str, str], questions: Sequence[str]) -> list[list[str]]:
    """multilingual-e5-small over whole documents, as far as it reads them (512 tokens)."""
    model, names = load_embedder(MULTILINGUAL_MODEL), list(documents)
    scores = model.embed_queries(questions) @ model.embed_passages(list(documents.values())).T
    return [[names[n] for n in row[:DEPTH]] for row in np.argsort(-scores, axis=1, kind="stable")]


class _MiniLM(Embeddings):
    def __init__(self) -> None:
        self._model = load_embedder(BUILT_IN_MODEL)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [[float(x) for x in row] for row in self._model.embed_passages(texts)]

    def embed_query(self, text: str) -> list[float]:
        return [float(x) for x in self._model.embed_queries([text])[0]]
