// Package store keeps everything in one SQL database: SQLite in one file, or
// PostgreSQL. It is the only package that contains SQL.
//
//	query/*.sql      statements by noun, checked against both engines (make gen)
//	sqlcgen/         what sqlc makes of them
//	migrations/      the schema; what the engines say differently in a folder each
//	<noun>.go        a Tx method for each statement, in the words of the domain
//
// A write is a function handed to [DB.Update]. On SQLite one goroutine runs
// the functions of many callers in one transaction and commits once (group
// commit), so a function must be quick, must not wait for another, and may be
// run again: it sets its results anew each time. On PostgreSQL each call is a
// transaction of its own, run again when the engine asks for that.
//
// Methods of [Tx] decide nothing. If one wants to, the decision belongs to a
// package under domain.
package store
