//go:build !race

package assist_test

const racing = false
