// A server that receives signed events of VINR and of Spree's API v3,
// with nothing but Go's standard library.
// The guide "Webhooks" quotes the parts between >>> and <<<.
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log"
	"math"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"
)

// >>> verify

// body holds the raw bytes. A missing header is an empty text.
func isGenuine(body []byte, signature, timestamp, secret string) bool {
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil || math.Abs(float64(time.Now().Unix()-seconds)) > 300 {
		return false
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(timestamp + "."))
	mac.Write(body)
	expected := hex.EncodeToString(mac.Sum(nil))
	// In constant time.
	return hmac.Equal([]byte(signature), []byte(expected))
}

// <<< verify

// >>> receiver
func receiver(prefix, secret string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		// In bytes; no event is as large.
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1_000_000))
		signature := r.Header.Get(prefix + "-Signature")
		timestamp := r.Header.Get(prefix + "-Timestamp")
		if err != nil || !isGenuine(body, signature, timestamp, secret) {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		w.WriteHeader(http.StatusNoContent)
		// Hand the event to a queue: the response is sent when this function returns.
		fmt.Println(string(body))
	}
}

func secretFrom(name string) string {
	secret := os.Getenv(name)
	if secret == "" {
		// With an empty secret, anybody could sign.
		log.Fatalf("%s is not set", name)
	}
	return secret
}

func main() {
	vinr := secretFrom("VINR_WEBHOOK_SECRET")
	spree := secretFrom("SPREE_WEBHOOK_SECRET")
	http.HandleFunc("/vinr", receiver("X-Vinr", vinr))
	http.HandleFunc("/spree", receiver("X-Spree-Webhook", spree))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	log.Fatal(http.Serve(listener, nil))
}

// <<< receiver
