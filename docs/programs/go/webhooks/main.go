// A server that receives signed events of VINR and of Spree's API v3, with nothing but Go's standard library.
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
	return hmac.Equal([]byte(signature), []byte(hex.EncodeToString(mac.Sum(nil)))) // in constant time
}

// <<< verify

// >>> receiver
func receiver(prefix, secret string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1_000_000)) // no event is as large
		if err != nil || !isGenuine(body, r.Header.Get(prefix+"-Signature"), r.Header.Get(prefix+"-Timestamp"), secret) {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		w.WriteHeader(http.StatusNoContent)
		fmt.Println(string(body)) // hand the event to a queue: the response is sent when this function returns
	}
}

func secretFrom(name string) string {
	secret := os.Getenv(name)
	if secret == "" {
		log.Fatalf("%s is not set", name) // with an empty secret, anybody could sign
	}
	return secret
}

func main() {
	http.HandleFunc("/vinr", receiver("X-Vinr", secretFrom("VINR_WEBHOOK_SECRET")))
	http.HandleFunc("/spree", receiver("X-Spree-Webhook", secretFrom("SPREE_WEBHOOK_SECRET")))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	log.Fatal(http.Serve(listener, nil))
}

// <<< receiver
