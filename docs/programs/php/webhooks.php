<?php
// The verification of signed events of VINR and of Spree's API v3, with nothing but PHP.
// The guide "Webhooks" quotes the part between >>> and <<<; tests/docs/test_webhook_programs.py runs it.

// >>> verify
// $body: the raw bytes, from file_get_contents("php://input"). A missing header is null.
function isGenuine(string $body, ?string $signature, ?string $timestamp, string $secret): bool
{
    if (!preg_match('/\A\d{1,12}\z/', $timestamp ?? "")) {
        return false;
    }
    if (abs(time() - (int) $timestamp) > 300) {
        return false;
    }
    $expected = hash_hmac("sha256", $timestamp . "." . $body, $secret);
    return hash_equals($expected, $signature ?? ""); // in constant time
}
// <<< verify

while (($line = fgets(STDIN)) !== false) {
    $delivery = json_decode($line, true, flags: JSON_THROW_ON_ERROR);
    $body = base64_decode($delivery["body"]);
    $genuine = isGenuine($body, $delivery["signature"], $delivery["timestamp"], $delivery["secret"]);
    echo $genuine ? "true" : "false", "\n";
}
