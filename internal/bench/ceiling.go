package main

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"guichet/internal/desk"
)

// serveCeiling answers with the least that a page of its kind can do: no
// session, no permission, no policy, no HTML.
func serveCeiling(addr string) error {
	cfg, err := pgxpool.ParseConfig(os.Getenv("DATABASE_URL"))
	if err != nil {
		return err
	}
	cfg.MaxConns = poolSize
	pool, err := pgxpool.NewWithConfig(context.Background(), cfg)
	if err != nil {
		return err
	}
	b := bare{pool}
	r := chi.NewRouter()
	r.Get("/", func(http.ResponseWriter, *http.Request) {})
	r.Post("/submit/{desk}/{person}", b.submit)
	r.Get("/queue/{desk}", b.queue)
	r.Get("/ticket/{desk}/{ticket}", b.ticket)
	r.Get("/published/{desk}", b.published)
	srv := &http.Server{Addr: addr, Handler: r, ReadHeaderTimeout: 10 * time.Second}
	return srv.ListenAndServe()
}

type bare struct{ pool *pgxpool.Pool }

func (b bare) submit(w http.ResponseWriter, r *http.Request) {
	_, err := b.pool.Exec(r.Context(), `insert into bench.submitted (id, desk_id, customer_id, requester_id, kind, subject, body, service, created_at)
		values ($1, $2, $3, $3, $4, $5, $6, $7, now())`, desk.NewID(), chi.URLParam(r, "desk"), chi.URLParam(r, "person"),
		r.PostFormValue("kind"), r.PostFormValue("subject"), r.PostFormValue("body"), r.PostFormValue("service"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.WriteHeader(http.StatusSeeOther)
}

func (b bare) published(w http.ResponseWriter, r *http.Request) {
	type row struct{ Name, Language, Zone, Email, Phone, Website, Address string }
	answer[row](b, w, r, `select name, language, zone, email, phone, website, address from desks where slug = $1`, chi.URLParam(r, "desk"))
}

func (b bare) queue(w http.ResponseWriter, r *http.Request) {
	type row struct {
		Number         int64
		Subject, State string
		LastAt         time.Time
	}
	answer[row](b, w, r, `select number, subject, state, last_at from bench.tickets where desk_id = $1 order by queue_at, id limit 50`, chi.URLParam(r, "desk"))
}

func (b bare) ticket(w http.ResponseWriter, r *http.Request) {
	type row struct {
		AuthorID  desk.ID
		Body      string
		CreatedAt time.Time
	}
	answer[row](b, w, r, `select author_id, body, created_at from bench.messages where desk_id = $1 and ticket_id = $2 order by created_at`,
		chi.URLParam(r, "desk"), chi.URLParam(r, "ticket"))
}

func answer[T any](b bare, w http.ResponseWriter, r *http.Request, sql string, args ...any) {
	rows, err := b.pool.Query(r.Context(), sql, args...)
	var list []T
	if err == nil {
		list, err = pgx.CollectRows(rows, pgx.RowToStructByName[T])
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(list)
}
