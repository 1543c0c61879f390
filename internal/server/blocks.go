package server

import (
	"net/http"
	"net/url"

	"github.com/go-chi/chi/v5"

	"guichet/internal/desk"
	"guichet/web/page"
)

// blockPanel reads a customer's prepaid blocks for his settings page.
func (s *Server) blockPanel(r *http.Request, who desk.Actor, customer desk.ID) (p page.BlockPanel, err error) {
	if p.List, err = s.app.Blocks(r.Context(), who, customer); err != nil {
		return p, err
	}
	o, err := s.app.Offer(r.Context(), who.Desk)
	p.Currency = o.Content.Currency
	return p, err
}

func blockSettings(v url.Values) desk.BlockSettings {
	return desk.BlockSettings{Name: v.Get("block_name"), Time: v.Get("block_time"), Price: v.Get("block_price"), Starts: v.Get("block_starts"), Expires: v.Get("block_expires")}
}

func (s *Server) addBlock(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.blockForm(w, r, who, "blocks.added", func(customer desk.ID) error {
		return s.app.AddBlock(r.Context(), who, customer, blockSettings(r.PostForm))
	})
}

func (s *Server) extendBlock(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	block, err := desk.ParseID(chi.URLParam(r, "block"))
	if err != nil {
		return err
	}
	return s.blockForm(w, r, who, "blocks.saved", func(customer desk.ID) error {
		return s.app.ExtendBlock(r.Context(), who, customer, block, r.PostForm.Get("block_expires"))
	})
}

func (s *Server) closeBlock(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	block, err := desk.ParseID(chi.URLParam(r, "block"))
	if err != nil {
		return err
	}
	return s.blockForm(w, r, who, "blocks.now_closed", func(customer desk.ID) error {
		return s.app.CloseBlock(r.Context(), who, customer, block)
	})
}

// blockForm gives a form to a verb; one that is wrong comes back filled on the
// customer's page.
func (s *Server) blockForm(w http.ResponseWriter, r *http.Request, who desk.Actor, flash string, verb func(customer desk.ID) error) error {
	id, err := desk.ParseID(chi.URLParam(r, "customer"))
	if err != nil {
		return err
	}
	if err := readForm(r); err != nil {
		return err
	}
	err = verb(id)
	wrong, invalid := problems(err)
	if err != nil && !invalid {
		return err
	}
	if !invalid {
		return s.seeOther(w, r, who, "/settings/customers/"+id.String(), flash)
	}
	return s.showCustomer(w, r, who, id, http.StatusUnprocessableEntity, func(form *page.CustomerForm, _ *page.Agreements) {
		form.Blocks.Form, form.Blocks.Problems = blockSettings(r.PostForm), wrong
		form.Blocks.Block, _ = desk.ParseID(chi.URLParam(r, "block"))
	})
}
