"""Worker of bench/speed.py: tantivy over our tokens, positions kept, facets by its own aggregations."""

from __future__ import annotations

from typing import Any

import tantivy
from speed_worker import TOP, Answer, Job, System, main


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", tokenizer_name="whitespace")
    builder.add_unsigned_field("number", stored=True)
    for facet in ("kind", "module"):
        builder.add_text_field(facet, fast=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


class Tantivy(System):
    def build(self, job: Job) -> None:
        index = tantivy.Index(_schema(), path=str(job.folder))
        writer = index.writer(heap_size=128_000_000, num_threads=1)
        for number, text, kind, module in job.rows("number, tokens, kind, module"):
            writer.add_document(tantivy.Document(number=number, text=text, kind=kind, module=module))
        writer.commit()
        writer.wait_merging_threads()

    def open(self, job: Job) -> None:
        self.index = tantivy.Index.open(str(job.folder))
        self.index.reload()
        self.searcher = self.index.searcher()

    def ask(self, query: dict[str, Any]) -> Answer:
        schema = self.index.schema
        terms = [tantivy.Query.term_query(schema, "text", word, "freq") for word in query["tokens"]]
        asked = tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms])
        found = self.searcher.search(asked, TOP, count=True)
        numbers = [self.searcher.doc(address)["number"][0] for _score, address in found.hits]
        counted = self.searcher.aggregate(
            asked, {name: {"terms": {"field": name, "size": 50}} for name in ("kind", "module")}
        )
        return found.count, numbers, sum(len(one["buckets"]) for one in counted.values())


if __name__ == "__main__":
    main(Tantivy())
