package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"guichet/internal/app"
)

// checkLetters looks for letters of which nobody knows whether the mail server took them.
func checkLetters(ctx context.Context, w io.Writer, a *app.App) bool {
	ok := true
	err := a.EachStuck(ctx, func(slug string, n int, since time.Time) {
		ok = check(w, slug+": letters leave", fmt.Errorf("%d wait for the mail server's word, the first since %s", n, since.Format(time.RFC3339)),
			"see /"+slug+"/settings/mail for what the mail server said; check SMTP_URL, and that guichet work or serve runs: they are tried again by themselves, under the same name")
	})
	if err != nil {
		return check(w, "letters can be read", err, "")
	}
	return ok && check(w, "no letter waits for the mail server's word", nil, "")
}
