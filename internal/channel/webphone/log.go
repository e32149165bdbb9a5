package webphone

import (
	"context"
	"fmt"
	"log/slog"
)

// logger is one part of the library's log.
type logger struct{ log *slog.Logger }

func (l logger) write(format string, args []any) {
	if l.log.Enabled(context.Background(), slog.LevelDebug) {
		l.log.Debug("webphone", slog.String("detail", fmt.Sprintf(format, args...)))
	}
}

func (l logger) Trace(string)              {} // each packet
func (l logger) Tracef(string, ...any)     {}
func (l logger) Debug(string)              {}
func (l logger) Debugf(string, ...any)     {}
func (l logger) Info(m string)             { l.write("%s", []any{m}) }
func (l logger) Infof(f string, a ...any)  { l.write(f, a) }
func (l logger) Warn(m string)             { l.write("%s", []any{m}) }
func (l logger) Warnf(f string, a ...any)  { l.write(f, a) }
func (l logger) Error(m string)            { l.write("%s", []any{m}) }
func (l logger) Errorf(f string, a ...any) { l.write(f, a) }
