package main

import (
	"net/url"
	"strings"
	"testing"

	"guichet/internal/config"
)

// Of a bucket that cannot be, doctor names what is wrong and what to set, and nothing of
// the address that may be a secret.
func TestDoctorSaysWhatABucketMisses(t *testing.T) {
	t.Parallel()
	for address, want := range map[string][]string{
		"s3://people?regoin=abc":           {"s3://people: ", `"regoin"`, "AWS_ACCESS_KEY_ID"},
		"azblob://people?storage_account=": {"azblob://people: ", "AccountName is required", "AZURE_STORAGE_ACCOUNT"},
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		var told strings.Builder
		if checkFiles(t.Context(), &told, config.Config{FilesURL: u}) {
			t.Errorf("%s is well", address)
		}
		for _, words := range want {
			if !strings.Contains(told.String(), words) || strings.Contains(told.String(), u.RawQuery) {
				t.Errorf("%s: %s", address, &told)
			}
		}
	}
}
