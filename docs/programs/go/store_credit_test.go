// Store credit against the mock, with nothing but Go's standard library.
// The guide "Testing from Go" quotes the parts between >>> and <<<.
package shop

import (
	"bufio"
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// >>> start
var mock struct {
	URL          string `json:"address"`
	ControlToken string `json:"control_token"`
}

// One mock for the package: the one that MOCK_URL names, such as a container's,
// or one started here.
func TestMain(m *testing.M) {
	if url := os.Getenv("MOCK_URL"); url != "" {
		mock.URL, mock.ControlToken = url, os.Getenv("MOCK_CONTROL_TOKEN")
		os.Exit(m.Run())
	}
	process := exec.Command(
		"store-credit-mock", "serve",
		"--port", "0", "--json", "--exit-with-parent",
	)
	process.Stderr = os.Stderr
	output, err := process.StdoutPipe()
	if err != nil {
		log.Fatal(err)
	}
	if err := process.Start(); err != nil {
		log.Fatal(err)
	}
	// Once it listens it prints one line of JSON.
	line, err := bufio.NewReader(output).ReadBytes('\n')
	if err != nil || json.Unmarshal(line, &mock) != nil {
		log.Fatalf("the mock did not start: %v", process.Wait())
	}
	code := m.Run()
	_ = process.Process.Signal(syscall.SIGTERM)
	_ = process.Wait()
	os.Exit(code)
}

// <<< start

// >>> client
type credit struct {
	ID               string `json:"id"`
	BalanceRemaining int64  `json:"balance_remaining"`
}

// Your own code: it takes the address from outside, and sends the same key again
// when no response arrives.
type storeCredit struct{ baseURL, apiKey string }

func (s storeCredit) issue(
	customer string, amount int64, idempotencyKey string, more map[string]any,
) (made credit, err error) {
	body := map[string]any{"customer": customer, "amount": amount, "currency": "USD"}
	for name, value := range more {
		body[name] = value
	}
	headers := map[string]string{
		"X-Api-Key":       s.apiKey,
		"Idempotency-Key": idempotencyKey,
	}
	for attempt := 0; attempt < 3; attempt++ {
		var answered bool
		answered, err = call("POST", s.baseURL+"/v1/store-credit", headers, body, &made)
		if answered {
			return made, err
		}
	}
	return made, err
}

func (s storeCredit) list() ([]credit, error) {
	var page struct{ Data []credit }
	headers := map[string]string{"X-Api-Key": s.apiKey}
	_, err := call("GET", s.baseURL+"/v1/store-credit?limit=100", headers, nil, &page)
	return page.Data, err
}

// call sends JSON and reads JSON; answered is true if there was a response at all.
func call(
	method, url string, headers map[string]string, body, result any,
) (answered bool, err error) {
	var sent io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return false, err
		}
		sent = bytes.NewReader(encoded)
	}
	request, err := http.NewRequest(method, url, sent)
	if err != nil {
		return false, err
	}
	request.Header.Set("Content-Type", "application/json")
	for name, value := range headers {
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return false, err
	}
	if status := response.StatusCode; status >= 300 {
		return true, fmt.Errorf("%s %s: %d %s", method, url, status, text)
	}
	if result == nil || len(text) == 0 {
		return true, nil
	}
	return true, json.Unmarshal(text, result)
}

// <<< client

// >>> control
// control calls the control plane: everything below /_mock/, with its own token.
func control(t *testing.T, method, path string, body, result any) {
	t.Helper()
	headers := map[string]string{"Authorization": "Bearer " + mock.ControlToken}
	_, err := call(method, mock.URL+"/_mock"+path, headers, body, result)
	if err != nil {
		t.Fatal(err)
	}
}

type object = map[string]any

// <<< control

// >>> reset
// fresh empties the mock before a test, and checks after it that nothing broke the document
// and the books add up.
func fresh(t *testing.T) storeCredit {
	control(t, "POST", "/reset", nil, nil)
	t.Cleanup(func() {
		var broken struct {
			Data []struct{ Violations []struct{ Message string } }
		}
		control(t, "GET", "/exchanges?violations=true", nil, &broken)
		for _, exchange := range broken.Data {
			t.Errorf("it breaks the document: %v", exchange.Violations)
		}
		var books struct{ Holds bool }
		if control(t, "GET", "/invariants", nil, &books); !books.Holds {
			t.Error("the books do not add up")
		}
	})
	return storeCredit{mock.URL, "sk_test_any"}
}

// <<< reset

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// >>> purchase
func TestAPurchaseSpendsCredit(t *testing.T) {
	shop := fresh(t)
	_, err := shop.issue("cust_8aZ2", 1000, "go-order-1", nil)
	must(t, err)
	purchase := object{"customer": "cust_8aZ2", "amount": 400, "currency": "USD"}
	control(t, "POST", "/vinr/purchases", purchase, nil)
	credits, err := shop.list()
	must(t, err)
	if len(credits) != 1 || credits[0].BalanceRemaining != 600 {
		t.Errorf("not one credit of 6.00: %v", credits)
	}
}

// <<< purchase

// >>> fault
func TestALostResponseIssuesNoSecondCredit(t *testing.T) {
	shop := fresh(t)
	control(t, "POST", "/faults", object{
		"operation": "vinr.store_credit.create", "nth": 1, "drop": true, "when": "after",
	}, nil)
	_, err := shop.issue("cust_8aZ2", 1000, "go-order-2", nil)
	must(t, err)
	credits, err := shop.list()
	must(t, err)
	var sent struct{ Total int }
	control(t, "GET", "/exchanges?operation=vinr.store_credit.create", nil, &sent)
	if len(credits) != 1 || sent.Total != 2 {
		t.Errorf("%d credits after %d requests", len(credits), sent.Total)
	}
}

// <<< fault

// >>> clock
func TestExpiredCreditIsNotSpent(t *testing.T) {
	shop := fresh(t)
	var clock struct{ Now int64 } // milliseconds; VINR's own times are seconds
	control(t, "POST", "/clock/freeze", object{"at": "2030-01-01T00:00:00Z"}, &clock)
	inAnHour := object{"expires_at": clock.Now/1000 + 3600}
	_, err := shop.issue("cust_8aZ2", 1000, "go-order-3", inAnHour)
	must(t, err)
	control(t, "POST", "/clock/advance", object{"seconds": 3600}, nil)
	purchase := object{"customer": "cust_8aZ2", "amount": 400, "currency": "USD"}
	paid := struct {
		ByCredit int64 `json:"paid_by_credit"`
	}{-1}
	control(t, "POST", "/vinr/purchases", purchase, &paid)
	if paid.ByCredit != 0 {
		t.Errorf("%d of it was spent", paid.ByCredit)
	}
}

// <<< clock

// >>> webhook
func genuine(body []byte, signature, timestamp, secret string) bool {
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil || math.Abs(float64(time.Now().Unix()-seconds)) > 300 {
		return false
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(timestamp + "." + string(body)))
	return hmac.Equal([]byte(signature), []byte(hex.EncodeToString(mac.Sum(nil))))
}

func TestAnEventArrivesSigned(t *testing.T) {
	shop := fresh(t)
	type delivery struct {
		body   []byte
		header http.Header
	}
	arrived := make(chan delivery, 1)
	receive := func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		arrived <- delivery{body, r.Header}
		w.WriteHeader(http.StatusNoContent)
	}
	receiver := httptest.NewServer(http.HandlerFunc(receive))
	defer receiver.Close()
	var endpoint struct{ Secret string }
	control(t, "POST", "/vinr/webhook-endpoints", object{
		"url":            receiver.URL,
		"enabled_events": []string{"store_credit.created"},
	}, &endpoint)
	made, err := shop.issue("cust_8aZ2", 1000, "go-order-4", nil)
	must(t, err)
	select {
	case event := <-arrived:
		signature := event.header.Get("X-Vinr-Signature")
		timestamp := event.header.Get("X-Vinr-Timestamp")
		if !genuine(event.body, signature, timestamp, endpoint.Secret) {
			t.Error("the signature is not genuine")
		}
		if !bytes.Contains(event.body, []byte(made.ID)) {
			t.Errorf("it is about another credit: %s", event.body)
		}
	case <-time.After(time.Minute):
		t.Error("no event arrived")
	}
}

// <<< webhook
