package main

import (
	"io"
	"log"
	"log/slog"
	"path/filepath"

	"gopkg.in/natefinch/lumberjack.v2"
)

// openLog returns the program's log, JSON lines in dir/logs that rotate by
// themselves, and what closes it. The standard logger, which the toolkit
// writes to, is led into it.
func openLog(dir string) (*slog.Logger, io.Closer) {
	w := &lumberjack.Logger{Filename: filepath.Join(dir, "logs", "guitai.log"), MaxSize: 5, MaxBackups: 5, MaxAge: 90}
	l := slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: slog.LevelInfo}))
	log.SetFlags(0)
	log.SetOutput(toolkitLog{l.With("component", "toolkit")})
	return l, w
}

// toolkitLog writes lines of the standard logger as warnings.
type toolkitLog struct{ log *slog.Logger }

func (t toolkitLog) Write(b []byte) (int, error) {
	t.log.Warn(string(b))
	return len(b), nil
}
