package ui

import (
	"context"
	"io"
	"sync"

	"github.com/a-h/templ"

	"guichet/web/asset"
)

// Icon draws one sign of the sprite, in the size and colour of the words
// beside it. It is hidden from screen readers: its word stands next to it.
//
// A queue draws hundreds of them, so this one part is written by hand: it takes
// a third of the time that a generated one does.
func Icon(name string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, iconStart()+templ.EscapeString(name)+`"></use></svg>`)
		return err
	})
}

var iconStart = sync.OnceValue(func() string {
	return `<svg class="icon" aria-hidden="true"><use href="` + asset.Path("icons.svg") + `#i-`
})

func logoHref() string { return asset.Path("icons.svg") + "#logo" }
