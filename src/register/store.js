// A register's SQLite as the wasm uses it: JSON text each way, so that a statement crosses the boundary once.

// The rows of a query, as a JSON list.
export const rows = (storage, query, values) => JSON.stringify(storage.sql.exec(query, ...JSON.parse(values)).toArray());

// Runs statements in one transaction: `[{ query, values, must_change }]`. It is undone if one fails, if one that must change a row changes none, or if the wasm traps in
// `after`, which is called after each statement. Answers the fault. A trap goes on to the entry: the bindings would catch it like any error of the platform's, and go on
// in an instance that is gone.
export function transaction(storage, statements, after) {
  let isInside = false;
  try {
    storage.transactionSync(() => {
      for (const { query, values, must_change } of JSON.parse(statements)) {
        const { rowsWritten } = storage.sql.exec(query, ...values);
        if (must_change && rowsWritten === 0) throw new Error("the stored state is not the one that was advanced");
        isInside = true;
        after();
        isInside = false;
      }
    });
    return undefined;
  } catch (error) {
    if (isInside) throw error;
    return String(error);
  }
}
