package server

import (
	"net/http"

	"guichet/web/page"
)

// send answers with a table as a file. Its name is the caller's own, never what
// people typed.
func (s *Server) send(w http.ResponseWriter, r *http.Request, sheet page.Sheet) error {
	b := buffer()
	defer release(b)
	if err := sheet.CSV(r.Context(), b); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8; header=present")
	w.Header().Set("Content-Disposition", `attachment; filename="`+sheet.Name+`.csv"`)
	_, _ = w.Write(b.Bytes()) // the reader hung up: nobody is left to tell
	return nil
}
