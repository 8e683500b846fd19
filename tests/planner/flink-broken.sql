What Flink alone does not take; the quick check reads no statement of it.

--- A no-break space | 2 | Lexical error
SELECT id,
  n FROM clicks
