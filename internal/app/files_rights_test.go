package app_test

import (
	"io"
	"maps"
	"strings"

	"guichet/internal/app"
	"guichet/internal/desk"
)

func init() {
	none := func() (app.Upload, error) { return app.Upload{}, io.EOF }
	maps.Copy(rights, map[string]right{
		"HoldFiles": {func(w *world, who desk.Actor, _ int64) error { _, err := w.HoldFiles(bg, who, none); return err }, everybody},
		"HeldFiles": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.HeldFiles(bg, who, []desk.ID{desk.NewID()})
			return err
		}, everybody},
		"ReadFile": {func(w *world, who desk.Actor, n int64) error {
			_, _, err := w.ReadFile(bg, who, n, desk.NewID(), false)
			return err
		}, everybody},
		"BeginUpload": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.BeginUpload(bg, who, "a.log", 10, "")
			return err
		}, everybody},
		"ReadUpload": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.ReadUpload(bg, who, desk.NewID())
			return err
		}, everybody},
		"ReceivePiece": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.ReceivePiece(bg, who, desk.NewID(), 0, strings.NewReader("a"))
			return err
		}, everybody},
		"DropUpload":     {func(w *world, who desk.Actor, _ int64) error { return w.DropUpload(bg, who, desk.NewID()) }, everybody},
		"UnscannedFiles": {func(w *world, who desk.Actor, _ int64) error { _, err := w.UnscannedFiles(bg, who); return err }, admins},
		"JudgeFile": {func(w *world, who desk.Actor, n int64) error {
			return w.JudgeFile(bg, who, n, desk.NewID(), desk.ReleaseFile)
		}, admins},
		"SaveFileLimits": {func(w *world, who desk.Actor, _ int64) error { return w.SaveFileLimits(bg, who, 10, 20, false, "") }, admins},
	})
	maps.Copy(open, map[string]string{
		"LookIntoFile": "a job of the verbs that take files: it reads one, and notes what is in it",
		"Scans":        "tells of the installation, not of a desk",
	})
}
