<?php
// Runs PHP programs one after the other: takes JSON lines {source}, writes JSON lines {printed, error}.

// A warning or a deprecation is a mistake, too.
set_error_handler(function (int $level, string $message) {
    throw new ErrorException($message, 0, $level);
});

$run = static function (string $source): void {
    eval("?>" . $source);
};

while (($line = fgets(STDIN)) !== false) {
    $error = null;
    ob_start();
    try {
        $run(json_decode($line)->source);
    } catch (Throwable $thrown) {
        $error = (string) $thrown;
    }
    $printed = ob_get_clean();
    fwrite(STDOUT, json_encode(["printed" => $printed, "error" => $error], JSON_THROW_ON_ERROR) . "\n");
}
