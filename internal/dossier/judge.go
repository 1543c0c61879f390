package dossier

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

var (
	guid     = regexp.MustCompile(`(?i)^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	mailbox  = regexp.MustCompile(`^[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>]+$`)
	domain   = regexp.MustCompile(`(?i)^[a-z0-9-]+(\.[a-z0-9-]+)+$`)
	resource = regexp.MustCompile(`(?i)^/subscriptions/[0-9a-f-]{36}(/|$)`)
)

// problem is the message key of why the form will not take a value as it is; "" when it will.
func (b *builder) problem(key, value string) string {
	if value == "" {
		return ""
	}
	if wrong := malformed(key, value); wrong != "" {
		return wrong
	}
	if b.wary[key] {
		return "dossier.problem.masked"
	}
	for _, block := range b.form.Blocks {
		alone := len(block.Fields) == 1 && !block.Rest
		if alone && block.Limit > 0 && slices.Contains(block.Fields, key) && utf8.RuneCountInString(value) > block.Limit {
			return "dossier.problem.too_long"
		}
	}
	if b.form.ASCII && strings.Count(ASCII(value), "?") > strings.Count(value, "?") {
		return "dossier.problem.ascii_lost"
	}
	return ""
}

func malformed(key, value string) string {
	switch key {
	case "tenant_id", "subscription_id", "app_id":
		return unless(guid.MatchString(value), "dossier.problem.guid")
	case "initial_domain":
		return unless(domain.MatchString(value), "dossier.problem.domain")
	case "resource_id":
		return unless(resource.MatchString(value), "dossier.problem.resource")
	case "contact_email":
		return unless(mailbox.MatchString(value), "dossier.problem.email")
	case "contact_others":
		bad := slices.ContainsFunc(strings.Split(value, ","), func(one string) bool { return !mailbox.MatchString(strings.TrimSpace(one)) })
		return unless(!bad, "dossier.problem.email")
	case "contact_phone", "contact_night":
		return unless(digits(value) >= minPhone, "dossier.problem.phone")
	case "site_url", "environment_url", "workspace_url":
		return unless(strings.HasPrefix(value, "https://") || strings.HasPrefix(value, "http://"), "dossier.problem.url")
	}
	return ""
}

func unless(right bool, problem string) string {
	if right {
		return ""
	}
	return problem
}

func yes(s string) bool { return slices.Contains([]string{"yes", "oui", "true", "on", "1"}, word(s)) }
func no(s string) bool  { return slices.Contains([]string{"no", "non", "false", "off", "0"}, word(s)) }

func word(s string) string { return strings.ToLower(strings.Trim(strings.TrimSpace(s), ".!")) }
