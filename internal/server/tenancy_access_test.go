package server_test

import (
	"maps"
	"net/http"
	"net/url"
	"testing"
)

// Each company of the walk has one relationship, whose id is the company's own.
func init() {
	relation := url.Values{"access_name": {"Support"}, "status": {"active"}, "roles": {"f023fd81-a637-4b56-95fd-791ac0226033"}}
	maps.Copy(ways, map[string]way{
		"GET /{desk}/settings/access":            {who: admins, done: http.StatusOK},
		"POST /{desk}/settings/access/consent":   {who: admins, done: http.StatusSeeOther, or: http.StatusUnprocessableEntity},
		"POST /{desk}/settings/access/poll":      {who: admins, done: http.StatusSeeOther, or: http.StatusNotFound},
		"POST /{desk}/settings/access/off":       {who: admins, done: http.StatusSeeOther, or: http.StatusNotFound},
		"GET /{desk}/settings/access/import":     {who: admins, done: http.StatusOK},
		"POST /{desk}/settings/access/import":    {who: admins, done: http.StatusUnprocessableEntity, form: url.Values{"text": {"customer;azure\nnobody;owner\n"}, "do": {"store"}}, or: http.StatusOK},
		"GET /{desk}/settings/access/{customer}": {who: staff, done: http.StatusOK},
		"POST /{desk}/settings/access/{customer}/facts": {who: admins, done: http.StatusSeeOther,
			form: url.Values{"azure_role": {"owner"}, "reseller": {"yes"}, "entra_premium": {"no"}}},
		"POST /{desk}/settings/access/{customer}/relationships":                        {who: admins, done: http.StatusSeeOther, form: relation},
		"POST /{desk}/settings/access/{customer}/relationships/{relationship}":         {who: admins, done: http.StatusSeeOther, or: http.StatusNotFound, form: relation},
		"POST /{desk}/settings/access/{customer}/relationships/{relationship}/removal": {who: admins, done: http.StatusSeeOther, or: http.StatusNotFound},
	})
}

// relations gives each company a relationship that somebody typed in.
func (d *door) relations(t *testing.T) {
	t.Helper()
	d.stage(t, `insert into access_relationships (desk_id, id, customer_id, name, status, roles, auto_extend, source, told_at, created_at)
		select desk_id, id, id, 'Support', 'active', '{f023fd81-a637-4b56-95fd-791ac0226033}', false, 'hand', now(), now() from customers`)
}

// relation says which of them are a walker's, and which are not.
func (w *walker) relation() {
	w.own["relationship"], w.foreign["relationship"] = w.own["customer"], w.foreign["customer"]
}
