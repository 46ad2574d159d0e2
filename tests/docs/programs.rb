# Runs Ruby programs one after the other: takes JSON lines {source}, writes JSON lines {printed, error}.
require "json"
require "stringio"

out = $stdout.dup
$stdin.each_line do |line|
  $stdout = StringIO.new
  error = nil
  begin
    eval JSON.parse(line)["source"], Object.new.instance_eval { binding }
  rescue Exception => thrown # whatever a reader would get
    error = thrown.full_message(highlight: false)
  end
  out.puts JSON.generate(printed: $stdout.string, error: error)
end
