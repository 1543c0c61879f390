package server

import (
	"errors"
	"net/http"
	"strings"

	"guichet/internal/app"
	"guichet/internal/desk"
	"guichet/web/page"
)

// writeMessage takes a reply or a note of either side. "That settles it"
// without a word closes the ticket all the same.
func (s *Server) writeMessage(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	number, err := ticketNumber(r)
	if err != nil {
		return err
	}
	files, err := s.filedForm(w, r, who)
	if err != nil {
		return err
	}
	settles := r.PostFormValue("close") == "1" && !who.DeskSide()
	if settles && strings.TrimSpace(r.PostFormValue("body")) == "" && len(files.held) == 0 && files.ok() {
		return s.closeTicket(w, r, who)
	}
	c := page.Composer{Body: r.PostFormValue("body"), Kind: r.PostFormValue("kind"), Then: r.PostFormValue("then"), Key: formKey(r)}
	c.Seen, _ = desk.ParseID(r.PostFormValue("seen"))
	if err = (desk.Invalid{Problems: files.refused}); files.ok() {
		err = s.write(r, who, number, c, settles, files.held)
	}
	wrong, invalid := problems(err)
	if err != nil {
		var failed error
		if c.Files, failed = s.showFiles(r, who, files, wrong); failed != nil {
			return failed
		}
	}
	switch {
	case invalid:
		c.Problems = wrong
		return s.redraw(w, r, who, number, http.StatusUnprocessableEntity, c)
	case errors.Is(err, app.ErrNewer):
		c.Newer = true
		return s.redraw(w, r, who, number, http.StatusConflict, c)
	case err != nil:
		return err
	}
	return s.seeOther(w, r, who, backToTicket(r, number), written(c, settles))
}

func (s *Server) write(r *http.Request, who desk.Actor, number int64, c page.Composer, settles bool, files []desk.ID) error {
	reply := app.Reply{Body: c.Body, Files: files, Internal: c.Kind == "note", Key: c.Key, Seen: c.Seen, Close: settles}
	if c.Then != "" && who.DeskSide() && !reply.Internal {
		then, err := desk.ParseState(c.Then)
		if err != nil {
			return err
		}
		reply.Then = then
	}
	return s.app.WriteMessage(r.Context(), who, number, reply)
}

func written(c page.Composer, settles bool) string {
	switch {
	case c.Kind == "note":
		return "my_ticket.note_saved"
	case settles:
		return "my_ticket.closed_done"
	default:
		return "my_ticket.sent"
	}
}

func (s *Server) closeTicket(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	number, err := ticketNumber(r)
	if err != nil {
		return err
	}
	if err := s.app.CloseTicket(r.Context(), who, number); err != nil {
		return err
	}
	return s.seeOther(w, r, who, ticketPath(number), "my_ticket.closed_done")
}

func (s *Server) reopenTicket(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	number, err := ticketNumber(r)
	if err != nil {
		return err
	}
	if err := s.app.ReopenTicket(r.Context(), who, number); err != nil {
		return err
	}
	return s.seeOther(w, r, who, ticketPath(number), "my_ticket.reopened_done")
}

// followTicket lets a colleague of the customer see the ticket.
func (s *Server) followTicket(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	number, err := ticketNumber(r)
	if err != nil {
		return err
	}
	if err := readForm(r); err != nil {
		return err
	}
	person, err := formID(r, "person")
	if err == nil {
		err = s.app.FollowTicket(r.Context(), who, number, person)
	}
	if wrong, ok := problems(err); ok {
		return s.redraw(w, r, who, number, http.StatusUnprocessableEntity, page.Composer{Problems: wrong})
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, ticketPath(number), "my_ticket.followed_done")
}
