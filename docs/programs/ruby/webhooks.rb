# The verification of signed events of VINR and of Spree's API v3, with nothing but Ruby's standard library.
# The guide "Webhooks" quotes the part between >>> and <<<; tests/docs/test_webhook_programs.py runs it.
require "json"

# >>> verify
require "openssl"

# body: the raw bytes. A missing header is nil.
def genuine?(body, signature, timestamp, secret)
  return false unless timestamp.to_s.b.match?(/\A\d{1,12}\z/)
  return false if (Time.now.to_i - timestamp.to_i).abs > 300
  expected = OpenSSL::HMAC.hexdigest("SHA256", secret, "#{timestamp}.".b + body.b)
  OpenSSL.secure_compare(expected, signature.to_s) # in constant time
end
# <<< verify

$stdin.each_line do |line|
  delivery = JSON.parse(line)
  body = delivery["body"].unpack1("m") # Base64
  puts genuine?(body, *delivery.values_at("signature", "timestamp", "secret"))
end
