//go:build !race

package email_test

const racing = false
