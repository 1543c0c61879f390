package app_test

import (
	"maps"

	"guichet/internal/desk"
)

func init() {
	maps.Copy(rights, map[string]right{
		"Search": {func(w *world, who desk.Actor, _ int64) error {
			_, _, _, err := w.Search(bg, who, "teams", desk.SearchCursor{})
			return err
		}, everybody},
	})
	maps.Copy(open, map[string]string{"FanOutRenewals": "a job of the clock", "RenewSearch": "its job at one desk: it reads what is searched for"})
}
