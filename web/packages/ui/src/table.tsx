import { ArrowDown, ArrowUp, ChevronsUpDown } from "lucide-react";
import { useMemo, useState, type ReactNode } from "react";
import { cn } from "./cn";
import { useKitWords } from "./words";

export interface Column<Row> {
  key: string;
  header: string;
  cell: (row: Row) => ReactNode;
  sortable?: boolean;
  align?: "left" | "right";
  /** A CSS width: "120px", "30%". */
  width?: string;
  /** Left out on narrow screens. */
  wide?: boolean;
}

export interface Sort {
  key: string;
  down: boolean;
}

export interface TableProps<Row> {
  /** Names the table for assistive technology. */
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  sort?: Sort;
  onSort?: (sort: Sort) => void;
  /** The buttons at the end of a row. */
  rowActions?: (row: Row) => ReactNode;
  rowClassName?: (row: Row) => string | undefined;
  className?: string;
}

/** Rows of one kind of thing. The head sorts, the last column acts. */
export function Table<Row>({ label, columns, rows, rowKey, sort, onSort, rowActions, rowClassName, className }: TableProps<Row>) {
  const words = useKitWords();
  return (
    <div role="region" aria-label={label} tabIndex={0} className={cn("scroll relative overflow-x-auto rounded-xl border bg-panel", className)}>
      <table className="w-full border-collapse text-sm">
        <caption className="sr-only">{label}</caption>
        <thead>
          <tr className="border-b bg-raise text-left text-xs text-mut">
            {columns.map((column) => (
              <Head key={column.key} column={column} sort={sort} onSort={onSort} />
            ))}
            {rowActions && (
              <th scope="col" className="w-px px-3 py-2">
                <span className="sr-only">{words.actions}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} className={cn("border-b last:border-b-0 hover:bg-raise", rowClassName?.(row))}>
              {columns.map((column) => (
                <td key={column.key} className={cn("px-3 py-2 align-middle", column.align === "right" && "num text-right", column.wide && "max-lg:hidden")}>
                  {column.cell(row)}
                </td>
              ))}
              {rowActions && (
                <td className="px-2 py-1 text-right whitespace-nowrap">
                  <span className="inline-flex items-center gap-0.5">{rowActions(row)}</span>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Head<Row>({ column, sort, onSort }: { column: Column<Row>; sort?: Sort; onSort?: (sort: Sort) => void }) {
  const on = sort?.key === column.key;
  const className = cn("px-3 py-2 font-medium whitespace-nowrap", column.align === "right" && "text-right", column.wide && "max-lg:hidden");
  if (!column.sortable || !onSort) {
    return (
      <th scope="col" className={className} style={{ width: column.width }}>
        {column.header}
      </th>
    );
  }
  const Arrow = !on ? ChevronsUpDown : sort.down ? ArrowDown : ArrowUp;
  return (
    <th scope="col" className={className} style={{ width: column.width }} aria-sort={!on ? "none" : sort.down ? "descending" : "ascending"}>
      <button type="button" className="inline-flex items-center gap-1 rounded hover:text-fg" onClick={() => onSort({ key: column.key, down: on ? !sort.down : false })}>
        {column.header}
        <Arrow size={12} aria-hidden="true" className={on ? "text-brand" : "text-faint"} />
      </button>
    </th>
  );
}

/** Sorts rows that are all here already; `by` gives each sortable column its value. */
export function useSorted<Row>(rows: readonly Row[], by: Record<string, (row: Row) => string | number>, first: Sort) {
  const [sort, setSort] = useState(first);
  const sorted = useMemo(() => {
    const value = by[sort.key];
    if (!value) return rows;
    const compare = new Intl.Collator(undefined, { numeric: true }).compare;
    const up = [...rows].sort((a, b) => {
      const [x, y] = [value(a), value(b)];
      return typeof x === "number" && typeof y === "number" ? x - y : compare(String(x), String(y));
    });
    return sort.down ? up.reverse() : up;
    // `by` is a literal of the caller that does not change its meaning.
  }, [rows, sort]);
  return { sorted, sort, setSort };
}
