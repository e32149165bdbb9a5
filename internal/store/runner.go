package store

import (
	"context"
	"database/sql"
	"strings"
	"sync"
	"unicode/utf8"
)

// runner is what runs a statement: a connection, a pool or a transaction.
type runner interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// marked notes for its transaction that something was written, and counts
// statements.
type marked struct {
	runner
	wrote *bool
	count *int
}

func (m marked) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	*m.wrote = true
	*m.count++
	return m.runner.ExecContext(ctx, query, kept(args)...)
}

func (m marked) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	*m.count++
	if !isRead(query) {
		*m.wrote = true
	}
	return m.runner.QueryRowContext(ctx, query, kept(args)...)
}

func (m marked) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	*m.count++
	if !isRead(query) {
		*m.wrote = true
	}
	return m.runner.QueryContext(ctx, query, kept(args)...)
}

// kept returns arguments with texts that both engines can keep: PostgreSQL
// takes neither broken UTF-8 nor zero bytes, SQLite would keep them. What
// people write is refused at the doors; this is for names of browsers, words
// of a query, pages of other sites.
func kept(args []any) []any {
	for i, a := range args {
		switch s := a.(type) {
		case string:
			args[i] = text(s)
		case *string:
			if s != nil {
				whole := text(*s)
				args[i] = &whole
			}
		}
	}
	return args
}

func text(s string) string {
	if utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 {
		return s
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}

// isRead reports whether a statement only reads. sqlc puts a line with the
// statement's name before it.
func isRead(query string) bool {
	if strings.HasPrefix(query, "--") {
		_, query, _ = strings.Cut(query, "\n")
	}
	return strings.HasPrefix(strings.TrimLeft(query, " \n\t"), "SELECT") || strings.HasPrefix(strings.TrimLeft(query, " \n\t"), "WITH")
}

// connStmts prepares each statement once on the writer's connection.
type connStmts struct {
	conn   *sql.Conn
	byText map[string]*sql.Stmt
}

func (c *connStmts) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := c.byText[query]; ok {
		return s, nil
	}
	s, err := c.conn.PrepareContext(context.WithoutCancel(ctx), query)
	if err == nil {
		c.byText[query] = s
	}
	return s, err
}

func (c *connStmts) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	s, err := c.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(ctx, args...)
}

func (c *connStmts) PrepareContext(ctx context.Context, query string) (*sql.Stmt, error) {
	return c.stmt(ctx, query)
}

func (c *connStmts) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s, err := c.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

func (c *connStmts) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	s, err := c.stmt(ctx, query)
	if err != nil {
		return c.conn.QueryRowContext(ctx, query, args...) // fails alike; a Row is the only way to say so
	}
	return s.QueryRowContext(ctx, args...)
}

func (c *connStmts) close() {
	for _, s := range c.byText {
		logClose("statement", s.Close())
	}
}

// prepared prepares each statement once on a pool.
type prepared struct {
	db     *sql.DB
	byText sync.Map // string -> *sql.Stmt
}

func (p *prepared) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := p.byText.Load(query); ok {
		return s.(*sql.Stmt), nil //nolint:forcetypeassert // only statements are stored
	}
	s, err := p.db.PrepareContext(context.WithoutCancel(ctx), query)
	if err != nil {
		return nil, err
	}
	if other, loaded := p.byText.LoadOrStore(query, s); loaded {
		logClose("statement", s.Close())
		return other.(*sql.Stmt), nil //nolint:forcetypeassert // as above
	}
	return s, nil
}

func (p *prepared) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return p.db.ExecContext(ctx, query, args...)
}

func (p *prepared) PrepareContext(ctx context.Context, query string) (*sql.Stmt, error) {
	return p.stmt(ctx, query)
}

func (p *prepared) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s, err := p.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

func (p *prepared) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	s, err := p.stmt(ctx, query)
	if err != nil {
		return p.db.QueryRowContext(ctx, query, args...)
	}
	return s.QueryRowContext(ctx, args...)
}

func (p *prepared) close() {
	p.byText.Range(func(_, s any) bool {
		logClose("statement", s.(*sql.Stmt).Close()) //nolint:forcetypeassert // only statements are stored
		return true
	})
}

// preparedTx uses a pool's statements in one of its transactions.
type preparedTx struct {
	p *prepared
	t *sql.Tx
}

func (p preparedTx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return p.t.ExecContext(ctx, query, args...)
}

func (p preparedTx) PrepareContext(ctx context.Context, query string) (*sql.Stmt, error) {
	return p.t.PrepareContext(ctx, query)
}

func (p preparedTx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return p.t.QueryContext(ctx, query, args...)
}

func (p preparedTx) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return p.t.QueryRowContext(ctx, query, args...)
}

// numbered writes ?1 as PostgreSQL wants it, $1.
type numbered struct{ runner }

func (n numbered) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return n.runner.ExecContext(ctx, dollars(query), args...)
}

func (n numbered) PrepareContext(ctx context.Context, query string) (*sql.Stmt, error) {
	return n.runner.PrepareContext(ctx, dollars(query))
}

func (n numbered) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return n.runner.QueryContext(ctx, dollars(query), args...)
}

func (n numbered) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return n.runner.QueryRowContext(ctx, dollars(query), args...)
}

var dollarTexts sync.Map // string -> string

// dollars replaces ? before a digit. Our statements hold no such text in
// quotes: values are always arguments.
func dollars(query string) string {
	if s, ok := dollarTexts.Load(query); ok {
		return s.(string) //nolint:forcetypeassert // only strings are stored
	}
	b := []byte(query)
	for i := range len(b) - 1 {
		if b[i] == '?' && b[i+1] >= '0' && b[i+1] <= '9' {
			b[i] = '$'
		}
	}
	s := string(b)
	if len(query) < 4096 { // long lists are made up on the spot and seldom come again
		dollarTexts.Store(query, s)
	}
	return s
}
