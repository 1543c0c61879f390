package server

import (
	"errors"
	"mime"
	"net/http"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"

	"guichet/internal/desk"
)

// maxForm bounds a form's body; what people type is bounded far below it, with
// an error beside the field.
const maxForm = 1 << 20

// maxUpload bounds a form with a file: what is too large for a ruleset can so be
// said on the page, where its author looks.
const maxUpload = 4 << 20

// readForm parses a form of either encoding. Errors: errTooLarge; Invalid for
// what is no form, or not a whole one.
func readForm(r *http.Request) error {
	err := r.ParseForm() // first and by itself: ParseMultipartForm hides its errors
	kind, _, badKind := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case err != nil:
	case kind == "multipart/form-data":
		err = r.ParseMultipartForm(maxForm)
	case kind != "application/x-www-form-urlencoded":
		err = errors.Join(http.ErrNotMultipart, badKind)
	}
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return errTooLarge
	}
	if err != nil {
		return desk.NewInvalid("", "error.form")
	}
	return nil
}

// ticketNumber reads the number in an address. Errors: ErrNotFound.
func ticketNumber(r *http.Request) (int64, error) {
	n, err := strconv.ParseInt(chi.URLParam(r, "number"), 10, 64)
	if err != nil || n < 1 {
		return 0, desk.ErrNotFound
	}
	return n, nil
}

// formID reads an id from a form: Nobody when empty. Errors: Invalid on the
// field, as such a form was never ours.
func formID(r *http.Request, field string) (desk.ID, error) {
	text := r.PostFormValue(field)
	if text == "" {
		return desk.Nobody, nil
	}
	id, err := desk.ParseID(text)
	if err != nil {
		return desk.Nobody, desk.NewInvalid(field, "error.choose")
	}
	return id, nil
}

// formKey reads the key that makes a second press of a button harmless.
func formKey(r *http.Request) desk.ID {
	id, err := desk.ParseID(r.PostFormValue("key"))
	if err != nil {
		return desk.Nobody
	}
	return id
}

// formTime reads what a datetime-local field sends, in the reader's zone.
func formTime(text string, zone *time.Location) (at *time.Time, bad bool) {
	if text == "" {
		return nil, false
	}
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02", time.RFC3339} {
		if t, err := time.ParseInLocation(layout, text, zone); err == nil {
			return &t, false
		}
	}
	return nil, true
}

// problems picks what is wrong with a form out of an error.
func problems(err error) (desk.Problems, bool) {
	var invalid desk.Invalid
	ok := errors.As(err, &invalid)
	return invalid.Problems, ok
}
