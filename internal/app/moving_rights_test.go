package app_test

import (
	"io"
	"maps"
	"strings"

	"guichet/internal/desk"
)

func init() {
	maps.Copy(rights, map[string]right{
		"Exports": {func(w *world, who desk.Actor, _ int64) error { _, err := w.Exports(bg, who); return err }, admins},
		"Export": {func(w *world, who desk.Actor, _ int64) error {
			return w.Export(bg, who, "csv", false, func(desk.Export) io.Writer { return io.Discard })
		}, admins},
		"Imports": {func(w *world, who desk.Actor, _ int64) error { _, err := w.Imports(bg, who); return err }, admins},
		"StartImport": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.StartImport(bg, who, "customers", "a.csv", strings.NewReader("name"))
			return err
		}, admins},
		"Import": {func(w *world, who desk.Actor, _ int64) error {
			_, _, err := w.Import(bg, who, desk.NewID(), desk.LineBad, 0)
			return err
		}, admins},
		"EachRefused": {func(w *world, who desk.Actor, _ int64) error { return w.EachRefused(bg, who, desk.NewID(), nil, nil) }, admins},
		"AddImported": {func(w *world, who desk.Actor, _ int64) error { return w.AddImported(bg, who, desk.NewID()) }, admins},
		"DropImport":  {func(w *world, who desk.Actor, _ int64) error { return w.DropImport(bg, who, desk.NewID()) }, admins},
		"Traces": {func(w *world, who desk.Actor, _ int64) error {
			_, _, err := w.Traces(bg, who, w.one.first.contact.Person.ID)
			return err
		}, admins},
		"ErasePerson": {func(w *world, who desk.Actor, _ int64) error {
			return w.ErasePerson(bg, who, w.one.first.contact.Person.ID, "nobody@nowhere.example")
		}, admins},
	})
	maps.Copy(open, map[string]string{"ReadImport": "worker", "AddImport": "worker", "RemoveFiles": "command line"})
}
