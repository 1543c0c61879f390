package server_test

import (
	"net/http"
	"net/url"
)

// reach is who gets past the door of a route.
type reach int

const (
	public   reach = iota
	people         // of the desk and of its customers
	agents         // who work for the desk, subcontractors' people too
	staff          // the desk's own
	leads          // and admins
	managers       // of a customer
	buyers         // of customers
	accounts       // leads, and the customers' managers
	admins
)

// A way is how a route is asked: its form, the ids that stand in its form or
// query, and what the answer is to one who may.
type way struct {
	who   reach
	form  url.Values
	ids   map[string]string // fields that carry an id, and what it is an id of
	query map[string]string // the same of the query, which only the desk's people are asked
	done  int
	or    int  // the same where a sign-in had begun
	ended bool // the ticket must have ended
	last  bool // ends the session that it is asked in
}

// ways has every route of the house. In a path, {number}, {customer}, {person}
// and {session} are ids of what they say.
var ways = map[string]way{
	"GET /":                             {done: http.StatusOK},
	"GET /healthz":                      {done: http.StatusOK},
	"GET /readyz":                       {done: http.StatusOK},
	"GET /favicon.ico":                  {done: http.StatusFound},
	"GET /assets/*":                     {done: http.StatusNotFound},
	"POST /assets/*":                    {done: http.StatusNotFound},
	"GET /sign-in/return":               {done: http.StatusNotFound, or: http.StatusUnauthorized},
	"GET /{desk}/*":                     {done: http.StatusNotFound},
	"POST /{desk}/*":                    {done: http.StatusNotFound},
	"GET /{desk}":                       {done: http.StatusOK},
	"GET /{desk}/offer/{version}":       {who: people, done: http.StatusOK},
	"GET /{desk}/accent.css":            {done: http.StatusOK},
	"GET /{desk}/sign-in":               {done: http.StatusSeeOther},
	"GET /{desk}/sign-in/return":        {done: http.StatusNotFound, or: http.StatusUnauthorized},
	"POST /{desk}/sign-in/link":         {done: http.StatusOK, form: url.Values{"email": {"nobody@nowhere.example"}}},
	"GET /{desk}/sign-in/link/{token}":  {done: http.StatusOK},
	"POST /{desk}/sign-in/link/{token}": {done: http.StatusGone},
	"POST /{desk}/sign-out":             {done: http.StatusSeeOther, last: true},

	"GET /{desk}/tickets":     {who: people, done: http.StatusOK},
	"GET /{desk}/search":      {who: people, done: http.StatusOK},
	"GET /{desk}/tickets/new": {who: people, done: http.StatusOK, query: map[string]string{"customer": "customer"}},
	"POST /{desk}/tickets": {who: people, done: http.StatusSeeOther, ids: map[string]string{"requester": "requester"},
		form: url.Values{"subject": {"Essai"}, "body": {"Une question."}, "service": {"Exchange Online"}}},
	"GET /{desk}/tickets/{number}":            {who: people, done: http.StatusOK},
	"POST /{desk}/tickets/{number}/messages":  {who: people, done: http.StatusSeeOther, form: url.Values{"body": {"Un mot."}, "kind": {"message"}}},
	"POST /{desk}/tickets/{number}/closure":   {who: people, done: http.StatusSeeOther},
	"POST /{desk}/tickets/{number}/reopening": {who: people, done: http.StatusSeeOther, ended: true},
	"POST /{desk}/tickets/{number}/followers": {who: people, done: http.StatusSeeOther, ids: map[string]string{"person": "colleague"}},

	// The ticket orders nothing: there is nothing to approve.
	"POST /{desk}/tickets/{number}/approval": {who: managers, done: http.StatusNotFound, form: url.Values{"do": {"approve"}}},

	// A visitor is told what the desk tells everybody.
	"GET /{desk}/health":                               {done: http.StatusOK, or: http.StatusForbidden}, // a subcontractor's
	"POST /{desk}/health/issues/{issue}/tickets":       {who: buyers, done: http.StatusSeeOther},
	"POST /{desk}/health/incidents/{incident}/tickets": {who: buyers, done: http.StatusSeeOther},

	"GET /{desk}/help":                   {done: http.StatusOK},
	"GET /{desk}/help/fitting":           {who: people, done: http.StatusOK},
	"GET /{desk}/help/{article}":         {done: http.StatusOK},
	"POST /{desk}/help/{article}/opened": {who: people, done: http.StatusNoContent},
	"POST /{desk}/help/{article}/solved": {who: people, done: http.StatusSeeOther},

	"GET /{desk}/queue":        {who: agents, done: http.StatusOK, query: map[string]string{"customer": "customer"}},
	"GET /{desk}/queue/{view}": {who: agents, done: http.StatusOK, query: map[string]string{"customer": "customer"}},
	"POST /{desk}/tickets/{number}/findings": {who: agents, done: http.StatusSeeOther,
		form: url.Values{"finding_kind": {"other"}, "result": {"info"}, "text": {"Vu."}}},
	"POST /{desk}/tickets/{number}/decision": {who: agents, done: http.StatusSeeOther,
		form: url.Values{"do": {"override"}, "outcome": {"PARTNER"}, "category": {"how_to"}, "reason": {"Vu."}}},
	"POST /{desk}/tickets/{number}/corrections": {who: agents, done: http.StatusSeeOther,
		form: url.Values{"do": {"set"}, "fact": {"affected"}, "value": {"one_user"}}},
	"POST /{desk}/tickets/{number}/tags":       {who: agents, done: http.StatusSeeOther, form: url.Values{"tags": {"vip"}, "team": {"Réseau"}}},
	"POST /{desk}/tickets/{number}/assignment": {who: agents, done: http.StatusSeeOther, ids: map[string]string{"assignee": "agent"}},
	"POST /{desk}/tickets/{number}/state":      {who: agents, done: http.StatusSeeOther, form: url.Values{"state": {"waiting_customer"}}},
	"POST /{desk}/tickets/{number}/impact":     {who: agents, done: http.StatusSeeOther, form: url.Values{"impact": {"minor"}}},
	"POST /{desk}/tickets/{number}/priority":   {who: agents, done: http.StatusSeeOther, form: url.Values{"priority": {"2"}}},

	"POST /{desk}/tickets/{number}/time": {who: agents, done: http.StatusSeeOther,
		form: url.Values{"spent": {"10"}, "worked": {"Vu."}, "billable": {"on"}}},
	"POST /{desk}/tickets/{number}/time/start":           {who: agents, done: http.StatusSeeOther, or: http.StatusConflict, form: url.Values{"instead": {"1"}}},
	"POST /{desk}/tickets/{number}/time/stop":            {who: agents, done: http.StatusConflict, form: url.Values{"worked": {"Vu."}}},
	"POST /{desk}/tickets/{number}/time/{entry}":         {who: agents, done: http.StatusSeeOther, or: http.StatusNotFound, form: url.Values{"spent": {"12"}, "worked": {"Revu."}}},
	"POST /{desk}/tickets/{number}/time/{entry}/removal": {who: agents, done: http.StatusSeeOther, or: http.StatusNotFound},

	"GET /{desk}/charges":     {who: leads, done: http.StatusOK, query: map[string]string{"customer": "customer"}},
	"GET /{desk}/charges/new": {who: leads, done: http.StatusOK, query: map[string]string{"customer": "customer"}},
	"POST /{desk}/charges": {who: leads, done: http.StatusSeeOther, ids: map[string]string{"customer": "customer"},
		form: url.Values{"month": {"2026-10"}, "what": {"Déplacement"}, "amount": {"40"}}},
	"POST /{desk}/charges/decisions":            {who: leads, done: http.StatusSeeOther, ids: map[string]string{"charge": "charge"}, form: url.Values{"do": {"approve"}}},
	"GET /{desk}/charges/{charge}":              {who: leads, done: http.StatusOK},
	"POST /{desk}/charges/{charge}/decision":    {who: leads, done: http.StatusSeeOther, or: http.StatusConflict, form: url.Values{"do": {"approve"}}},
	"POST /{desk}/charges/{charge}/adjustments": {who: leads, done: http.StatusSeeOther, or: http.StatusConflict, form: url.Values{"amount": {"-1"}, "reason": {"Remise"}}},
	"GET /{desk}/statements":                    {who: accounts, done: http.StatusOK},
	"POST /{desk}/statements": {who: leads, done: http.StatusSeeOther, or: http.StatusUnprocessableEntity, ids: map[string]string{"customer": "customer"},
		form: url.Values{"month": {"2026-10"}}},
	"GET /{desk}/statements/{statement}":     {who: accounts, done: http.StatusOK},
	"GET /{desk}/statements/{statement}/csv": {who: accounts, done: http.StatusOK},
	"POST /{desk}/settings/customers/{customer}/blocks": {who: admins, done: http.StatusSeeOther,
		form: url.Values{"block_name": {"Dix heures"}, "block_time": {"10"}}},
	"POST /{desk}/settings/customers/{customer}/blocks/{block}":         {who: admins, done: http.StatusSeeOther, form: url.Values{"block_expires": {"2030-12-31"}}},
	"POST /{desk}/settings/customers/{customer}/blocks/{block}/closure": {who: admins, done: http.StatusSeeOther},
	"GET /{desk}/reports":                 {who: staff, done: http.StatusOK, query: map[string]string{"customer": "customer"}},
	"GET /{desk}/reports/attainment.csv":  {who: staff, done: http.StatusOK, query: map[string]string{"customer": "customer"}},
	"GET /{desk}/reports/hours.csv":       {who: staff, done: http.StatusOK, query: map[string]string{"customer": "customer"}},
	"GET /{desk}/reports/sides.csv":       {who: staff, done: http.StatusOK, query: map[string]string{"customer": "customer"}},
	"GET /{desk}/reports/work.csv":        {who: staff, done: http.StatusOK, query: map[string]string{"customer": "customer"}},
	"GET /{desk}/reports/escalations":     {who: staff, done: http.StatusOK, query: map[string]string{"customer": "customer"}},
	"GET /{desk}/reports/escalated.csv":   {who: staff, done: http.StatusOK, query: map[string]string{"customer": "customer"}},
	"GET /{desk}/reports/escalations.csv": {who: staff, done: http.StatusOK, query: map[string]string{"customer": "customer"}},
	"GET /{desk}/reports/returned.csv":    {who: staff, done: http.StatusOK, query: map[string]string{"customer": "customer"}},
	"GET /{desk}/reports/credits.csv":     {who: staff, done: http.StatusOK, query: map[string]string{"customer": "customer"}},

	"GET /{desk}/account":                         {who: people, done: http.StatusOK},
	"POST /{desk}/account":                        {who: people, done: http.StatusSeeOther, form: url.Values{"language": {"fr"}, "zone": {"Europe/Paris"}}},
	"POST /{desk}/account/sessions/{session}/end": {who: people, done: http.StatusSeeOther},
	"POST /{desk}/account/sessions/end":           {who: people, done: http.StatusSeeOther},

	"GET /{desk}/settings":               {who: staff, done: http.StatusSeeOther},
	"GET /{desk}/settings/customers":     {who: staff, done: http.StatusOK},
	"GET /{desk}/settings/customers/new": {who: admins, done: http.StatusOK},
	"POST /{desk}/settings/customers": {who: admins, done: http.StatusSeeOther,
		form: url.Values{"name": {"Menuiserie Bois Clair"}, "relationship": {"direct"}}},
	"GET /{desk}/settings/customers/{customer}": {who: staff, done: http.StatusOK},
	"POST /{desk}/settings/customers/{customer}": {who: admins, done: http.StatusSeeOther,
		form: url.Values{"name": {"Renommée"}, "relationship": {"direct"}, "active": {"on"}}},
	"POST /{desk}/settings/customers/{customer}/agreements": {who: admins, done: http.StatusSeeOther,
		form: url.Values{"support_type": {"standard"}, "starts": {"2021-01-01"}, "ends": {"2021-12-31"}}},
	"POST /{desk}/settings/customers/{customer}/agreements/{agreement}": {who: admins, done: http.StatusSeeOther, or: http.StatusNotFound, // removed already
		form: url.Values{"support_type": {"standard"}, "starts": {"2020-01-01"}, "ends": {"2020-12-31"}}},
	"POST /{desk}/settings/customers/{customer}/agreements/{agreement}/removal": {who: admins, done: http.StatusSeeOther},
	"GET /{desk}/settings/people":     {who: admins, done: http.StatusOK},
	"GET /{desk}/settings/people/new": {who: admins, done: http.StatusOK, query: map[string]string{"customer": "customer", "subcontractor": "subcontractor"}},
	"POST /{desk}/settings/people": {who: admins, done: http.StatusSeeOther, ids: map[string]string{"customer": "customer"},
		form: url.Values{"name": {"Nouvelle Personne"}, "email": {"nouvelle@personne.example"}, "role": {"contact"}}},
	"GET /{desk}/settings/people/{person}": {who: admins, done: http.StatusOK},
	"POST /{desk}/settings/people/{person}": {who: admins, done: http.StatusSeeOther,
		form: url.Values{"name": {"Renommé"}, "email": {"renomme@personne.example"}, "role": {"manager"}, "active": {"on"}}},
	"GET /{desk}/settings/subcontractors":     {who: admins, done: http.StatusOK},
	"GET /{desk}/settings/subcontractors/new": {who: admins, done: http.StatusOK},
	"POST /{desk}/settings/subcontractors": {who: admins, done: http.StatusSeeOther, ids: map[string]string{"customers": "customer"},
		form: url.Values{"name": {"Relève"}, "all_services": {"on"}, "always": {"on"}, "zone": {"Europe/Paris"}}},
	"GET /{desk}/settings/subcontractors/{subcontractor}": {who: admins, done: http.StatusOK},
	"POST /{desk}/settings/subcontractors/{subcontractor}": {who: admins, done: http.StatusSeeOther, ids: map[string]string{"customers": "customer"},
		form: url.Values{"name": {"Astreinte"}, "all_services": {"on"}, "always": {"on"}, "zone": {"Europe/Paris"}, "active": {"on"}}},
	"GET /{desk}/settings/circle":  {who: admins, done: http.StatusOK},
	"POST /{desk}/settings/circle": {who: admins, done: http.StatusSeeOther, form: url.Values{"do": {"join"}}},
	"GET /{desk}/settings/desk":    {who: admins, done: http.StatusOK},
	"POST /{desk}/settings/desk": {who: admins, done: http.StatusSeeOther,
		form: url.Values{"name": {"Autre nom"}, "language": {"fr"}, "zone": {"Europe/Paris"}, "email_sign_in": {"on"}, "accent": {"#2f6f73"}}},

	"GET /{desk}/settings/rules":        {who: staff, done: http.StatusOK},
	"GET /{desk}/settings/articles":     {who: staff, done: http.StatusOK},
	"GET /{desk}/settings/articles/new": {who: leads, done: http.StatusOK},
	"POST /{desk}/settings/articles": {who: leads, done: http.StatusSeeOther,
		form: url.Values{"title_fr": {"Un article"}, "body_fr": {"Du texte."}}},
	"GET /{desk}/settings/articles/{article}": {who: staff, done: http.StatusOK},
	"POST /{desk}/settings/articles/{article}": {who: leads, done: http.StatusSeeOther,
		form: url.Values{"title_fr": {"Un article"}, "body_fr": {"Du texte."}}},
	"POST /{desk}/settings/articles/{article}/publication": {who: leads, done: http.StatusSeeOther, form: url.Values{"do": {"publish"}}},
	"POST /{desk}/settings/articles/{article}/removal":     {who: leads, done: http.StatusSeeOther, form: url.Values{"sure": {"on"}}},

	"GET /{desk}/settings/offer": {who: staff, done: http.StatusOK},
	// Forms that carry no state of the offer are those of an old page.
	"POST /{desk}/settings/offer":                                {who: admins, done: http.StatusConflict},
	"GET /{desk}/settings/offer/types/new":                       {who: admins, done: http.StatusOK},
	"POST /{desk}/settings/offer/types":                          {who: admins, done: http.StatusConflict},
	"GET /{desk}/settings/offer/types/{type}":                    {who: admins, done: http.StatusOK},
	"POST /{desk}/settings/offer/types/{type}":                   {who: admins, done: http.StatusConflict},
	"POST /{desk}/settings/offer/types/{type}/place":             {who: admins, done: http.StatusConflict},
	"POST /{desk}/settings/offer/types/{type}/removal":           {who: admins, done: http.StatusConflict},
	"POST /{desk}/settings/offer/draft/removal":                  {who: admins, done: http.StatusConflict},
	"GET /{desk}/settings/offer/publication":                     {who: admins, done: http.StatusOK},
	"POST /{desk}/settings/offer/publication":                    {who: admins, done: http.StatusConflict},
	"GET /{desk}/settings/offer/versions/{version}":              {who: staff, done: http.StatusOK},
	"POST /{desk}/settings/offer/versions/{version}/restoration": {who: admins, done: http.StatusConflict},
	"GET /{desk}/settings/hours":                                 {who: staff, done: http.StatusOK},
	"POST /{desk}/settings/hours":                                {who: admins, done: http.StatusConflict},
	"GET /{desk}/settings/hours/new":                             {who: admins, done: http.StatusOK},
	"GET /{desk}/settings/hours/{hours}":                         {who: admins, done: http.StatusOK},
	"POST /{desk}/settings/hours/{hours}":                        {who: admins, done: http.StatusConflict},
	"POST /{desk}/settings/hours/{hours}/removal":                {who: admins, done: http.StatusConflict},
	"GET /{desk}/settings/prices":                                {who: staff, done: http.StatusOK},
	"POST /{desk}/settings/prices":                               {who: admins, done: http.StatusConflict},

	"GET /{desk}/settings/rules/new": {who: admins, done: http.StatusOK},
	// Forms that carry no state of the rules are those of an old page.
	"POST /{desk}/settings/rules":                                {who: admins, done: http.StatusConflict, form: url.Values{"view": {"cel"}, "when": {"true"}}},
	"GET /{desk}/settings/rules/rule/{key}":                      {who: admins, done: http.StatusOK},
	"POST /{desk}/settings/rules/rule/{key}":                     {who: admins, done: http.StatusConflict, form: url.Values{"view": {"cel"}, "when": {"true"}}},
	"POST /{desk}/settings/rules/rule/{key}/place":               {who: admins, done: http.StatusConflict, form: url.Values{"do": {"up"}}},
	"POST /{desk}/settings/rules/rule/{key}/removal":             {who: admins, done: http.StatusConflict},
	"POST /{desk}/settings/rules/rule/{key}/restoration":         {who: admins, done: http.StatusConflict},
	"POST /{desk}/settings/rules/hint":                           {who: admins, done: http.StatusConflict},
	"POST /{desk}/settings/rules/draft/removal":                  {who: admins, done: http.StatusConflict},
	"GET /{desk}/settings/rules/export":                          {who: staff, done: http.StatusOK},
	"POST /{desk}/settings/rules/file":                           {who: admins, done: http.StatusConflict, form: url.Values{"rules": {"{}"}}},
	"GET /{desk}/settings/rules/publication":                     {who: admins, done: http.StatusOK},
	"POST /{desk}/settings/rules/publication":                    {who: admins, done: http.StatusConflict},
	"GET /{desk}/settings/rules/versions/{version}":              {who: staff, done: http.StatusOK},
	"POST /{desk}/settings/rules/versions/{version}/restoration": {who: admins, done: http.StatusConflict},
	"GET /{desk}/settings/rules/trials":                          {who: staff, done: http.StatusOK},
	"POST /{desk}/settings/rules/trials":                         {who: admins, done: http.StatusSeeOther, or: http.StatusUnprocessableEntity, form: url.Values{"most": {"100"}}},
	"GET /{desk}/settings/rules/trials/{trial}":                  {who: staff, done: http.StatusOK},
	"POST /{desk}/settings/rules/trials/{trial}/stop":            {who: admins, done: http.StatusSeeOther},
	"GET /{desk}/settings/rules/rule/{key}/results":              {who: staff, done: http.StatusOK},
}
