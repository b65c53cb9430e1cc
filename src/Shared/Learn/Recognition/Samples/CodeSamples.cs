namespace DataIngestion.Learn.Recognition.Samples;

/// <summary>Programs, told apart by their keywords and marks.</summary>
internal static class CodeSamples
{
    static string Call(Draft d) => $"{d.Identifier()}({string.Join(", ", d.Many(0, 3, () => d.Pick(d.Identifier(), d.Number(), $"\"{d.Phrase()}\"")))})";

    static string Condition(Draft d) => $"{d.Identifier()} {d.Pick("==", "!=", "<", ">", ">=")} {d.Pick(d.Number(), d.Identifier())}";

    public static string Python(Draft d) => (d.Chance(0.3) ? $"\"\"\"{d.Sentence()}\"\"\"\n" : d.Chance(0.2) ? $"# {d.Sentence()}\n" : "") + string.Concat(d.Many(0, 5, () => $"{d.Pick($"import {d.Thing()}", $"from {d.Thing()} import {d.Identifier()}", "import os", "import numpy as np", "from typing import List")}\n")) + "\n"
        + string.Concat(d.Many(1, 6, () => d.Whole(0, 3) switch
        {
            0 => $"\nclass {Draft.Capital(d.Thing())}({d.Pick("object", "", "Exception")}):\n    def __init__(self, {d.Thing()}):\n        self.{d.Thing()} = {d.Thing()}\n\n    def {d.Thing()}(self):\n        return self.{d.Thing()}\n",
            1 => $"\ndef {d.Thing()}_{d.Thing()}({string.Join(", ", d.Many(0, 3, d.Thing))}):\n    \"\"\"{d.Sentence()}\"\"\"\n    for {d.Thing()} in {Call(d)}:\n        if {Condition(d)}:\n            print(f\"{{{d.Thing()}}} {d.Phrase()}\")\n        elif not {d.Thing()}:\n            raise ValueError('{d.Phrase()}')\n    return None\n",
            2 => $"{d.Identifier()} = [{d.Thing()} for {d.Thing()} in {Call(d)} if {Condition(d)}]\nwith open('{d.Thing()}.txt') as f:\n    {d.Thing()} = f.read()\n",
            _ => $"try:\n    {d.Identifier()} = {Call(d)}\nexcept Exception as e:\n    pass\n\nif __name__ == '__main__':\n    main()\n",
        }));

    public static string JavaScript(Draft d) => (d.Chance(0.3) ? $"// {d.Sentence()}\n" : d.Chance(0.2) ? "'use strict';\n" : "") + string.Concat(d.Many(2, 8, () => d.Whole(0, 5) switch
    {
        0 => $"const {d.Identifier()} = require('{d.Thing()}');\n",
        1 => $"import {{ {d.Identifier()} }} from './{d.Thing()}';\n",
        2 => $"function {d.Identifier()}({string.Join(", ", d.Many(0, 3, d.Thing))}) {{\n  var {d.Thing()} = {d.Number()};\n  if ({d.Thing()} === {d.Number()}) {{\n    console.log('{d.Phrase()}');\n  }}\n  return {Call(d)};\n}}\n\n",
        3 => $"const {d.Thing()} = async ({d.Thing()}) => {{\n  let {d.Thing()} = await fetch(`/{d.Thing()}/${{{d.Thing()}}}`);\n  return {d.Thing()}.map((x) => x.{d.Thing()});\n}};\n\n",
        4 => $"document.getElementById('{d.Thing()}').addEventListener('click', function () {{\n  this.{d.Thing()} = null;\n}});\n",
        _ => $"module.exports = {{ {d.Identifier()}, {d.Identifier()} }};\n",
    }));

    public static string C(Draft d) => (d.Chance(0.4) ? $"/* {d.Sentence()} */\n" : "") + string.Concat(d.Many(1, 5, () => $"#include {d.Pick("<stdio.h>", "<stdlib.h>", "<string.h>", $"\"{d.Thing()}.h\"", "<vector>", "<iostream>")}\n")) + "\n" + string.Concat(d.Many(1, 6, () => d.Whole(0, 4) switch
    {
        0 => $"#define {d.Identifier().ToUpperInvariant()} {d.Whole(0, 999)}\n",
        1 => $"{d.Pick("static ", "")}{d.Pick("int", "void", "char *", "double", "size_t")} {d.Thing()}_{d.Thing()}({d.Pick("int", "const char *", "void *", "unsigned long")} {d.Thing()})\n{{\n    int i;\n    for (i = 0; i < {d.Whole(1, 99)}; i++) {{\n        {Call(d)};\n    }}\n    if ({d.Thing()} == NULL)\n        return -1;\n    printf(\"{d.Phrase()} %d\\n\", i);\n    return 0;\n}}\n\n",
        2 => $"struct {d.Thing()} {{\n    int {d.Thing()};\n    char {d.Thing()}[{d.Whole(8, 256)}];\n    struct {d.Thing()} *next;\n}};\n\n",
        3 => $"typedef unsigned int {d.Thing()}_t;\nextern const double {d.Thing()};\n#ifdef {d.Thing().ToUpperInvariant()}\n#endif\n",
        _ => $"template <typename T>\nclass {Draft.Capital(d.Thing())} : public {Draft.Capital(d.Thing())} {{\npublic:\n    std::vector<T> {d.Thing()};\n    virtual ~{Draft.Capital(d.Thing())}() {{}}\n}};\nint main(int argc, char **argv)\n{{\n    std::cout << \"{d.Phrase()}\" << std::endl;\n    return 0;\n}}\n",
    }));

    public static string CSharp(Draft d) => string.Concat(d.Many(0, 4, () => $"using {d.Pick("System", "System.Linq", "System.Collections.Generic", Draft.Capital(d.Thing()) + "." + Draft.Capital(d.Thing()))};\n")) + $"\nnamespace {Draft.Capital(d.Thing())}.{Draft.Capital(d.Thing())}{d.Pick(";\n", "\n{")}\n" + string.Concat(d.Many(1, 4, () => $"/// <summary>{d.Sentence()}</summary>\n{d.Pick("public", "internal", "public sealed", "public static", "internal sealed")} {d.Pick("class", "record", "struct", "interface")} {Draft.Capital(d.Thing())}{Draft.Capital(d.Thing())}\n{{\n    private readonly {d.Pick("int", "string", "List<string>", "decimal")} _{d.Thing()};\n    public {d.Pick("string", "int?", "Task")} {Draft.Capital(d.Thing())} {{ get; {d.Pick("set;", "init;", "private set;")} }}\n\n    public {d.Pick("async Task<int>", "void", "bool", "override string")} {Draft.Capital(d.Thing())}({d.Pick("", $"string {d.Thing()}", $"int {d.Thing()}, CancellationToken cancellationToken")})\n    {{\n        var {d.Thing()} = {Call(d)};\n        foreach (var {d.Thing()} in {d.Identifier()})\n            {d.Pick("await ", "")}{Call(d)};\n        return {d.Thing()} ?? throw new {Draft.Capital(d.Thing())}Exception($\"{d.Phrase()} {{{d.Thing()}}}\");\n    }}\n}}\n\n"));

    public static string Java(Draft d) => $"package com.{d.Thing()}.{d.Thing()};\n\n" + string.Concat(d.Many(1, 5, () => $"import {d.Pick("java.util.List", "java.io.IOException", $"org.{d.Thing()}.{Draft.Capital(d.Thing())}", "static org.junit.Assert.*")};\n")) + $"\n/**\n * {d.Sentence()}\n */\npublic {d.Pick("class", "final class", "interface", "abstract class")} {Draft.Capital(d.Thing())} {d.Pick("", "extends Object ", "implements Runnable ")}{{\n" + string.Concat(d.Many(1, 5, () => $"    private {d.Pick("final ", "static ", "")}{d.Pick("int", "String", "List<String>", "Map<String, Integer>")} {d.Thing()};\n\n    {d.Pick("@Override\n    ", "", "@Test\n    ")}public {d.Pick("void", "String", "boolean", "int")} {d.Thing()}{Draft.Capital(d.Thing())}({d.Pick("", $"String {d.Thing()}")}) {d.Pick("", "throws IOException ")}{{\n        for (int i = 0; i < {d.Whole(1, 99)}; i++) {{\n            System.out.println(\"{d.Phrase()}\");\n        }}\n        this.{d.Thing()} = new {Draft.Capital(d.Thing())}();\n        return {d.Pick("null", "true", d.Thing())};\n    }}\n\n")) + "}\n";

    public static string Shell(Draft d) => (d.Chance(0.2) ? "set -e\n" : $"# {d.Sentence()}\n") + string.Concat(d.Many(3, 14, () => d.Whole(0, 7) switch
    {
        0 => $"{d.Identifier().ToUpperInvariant()}=${{{d.Whole(1, 3)}:-{d.Thing()}}}\n",
        1 => $"if [ -{d.Pick("f", "d", "z", "n")} \"${d.Thing()}\" ]; then\n  echo \"{d.Phrase()}\"\nelse\n  exit 1\nfi\n",
        2 => $"for {d.Thing()} in *.{d.Pick("txt", "csv", "log")}; do\n  {d.Pick("cat", "gzip", "rm -f", "mv")} \"${d.Thing()}\"\ndone\n",
        3 => $"{d.Thing()}() {{\n  local {d.Thing()}=$1\n  {d.Pick("grep", "sed", "awk")} '{d.Word()}' \"${d.Thing()}\" | sort | uniq -c\n}}\n",
        4 => $"export {d.Thing().ToUpperInvariant()}=\"/{d.Thing()}/{d.Thing()}:$PATH\"\n",
        5 => $"{d.Pick("sudo ", "")}{d.Pick("apt-get install -y", "mkdir -p", "cd", "cp -r", "curl -sSL", "tar xzf", "docker run")} {d.Thing()} {d.Pick("|| exit 1", "&& echo ok", "> /dev/null 2>&1", "")}\n",
        6 => $"case \"$1\" in\n  {d.Thing()}) {d.Thing()} ;;\n  *) echo \"usage: $0 {d.Thing()}\" >&2; exit 2 ;;\nesac\n",
        _ => $"while read -r line; do\n  echo \"$line\"\ndone < {d.Thing()}.txt\n",
    }));

    public static string Go(Draft d) => $"package {d.Thing()}\n\nimport (\n\t\"fmt\"\n{string.Concat(d.Many(0, 3, () => $"\t\"{d.Thing()}/{d.Thing()}\"\n"))})\n\n" + string.Concat(d.Many(1, 5, () => $"// {Draft.Capital(d.Thing())} {d.Phrase()}.\n{d.Pick($"type {Draft.Capital(d.Thing())} struct {{\n\t{Draft.Capital(d.Thing())} string `json:\"{d.Thing()}\"`\n\t{Draft.Capital(d.Thing())} []int\n}}\n", $"func {Draft.Capital(d.Thing())}({d.Thing()} *{Draft.Capital(d.Thing())}) (string, error) {{\n\t{d.Thing()} := {Call(d)}\n\tif err != nil {{\n\t\treturn nil, fmt.Errorf(\"{d.Phrase()}: %w\", err)\n\t}}\n\tfor i := range {d.Thing()} {{\n\t\tdefer {Call(d)}\n\t}}\n\treturn {d.Thing()}, nil\n}}\n")}\n"));

    public static string Rust(Draft d) => string.Concat(d.Many(1, 3, () => $"use {d.Pick("std::collections::HashMap", "std::io", $"crate::{d.Thing()}::{Draft.Capital(d.Thing())}")};\n")) + "\n" + string.Concat(d.Many(1, 5, () => $"{d.Pick("#[derive(Debug, Clone)]\n", "/// " + d.Sentence() + "\n", "")}{d.Pick($"pub struct {Draft.Capital(d.Thing())} {{\n    pub {d.Thing()}: Option<String>,\n    {d.Thing()}: Vec<u8>,\n}}\n", $"impl {Draft.Capital(d.Thing())} {{\n    pub fn new({d.Thing()}: &str) -> Self {{\n        let mut {d.Thing()} = {Call(d)};\n        match {d.Thing()} {{\n            Some(x) => x.unwrap(),\n            None => panic!(\"{d.Phrase()}\"),\n        }}\n    }}\n}}\n", $"fn {d.Thing()}_{d.Thing()}(x: &mut i32) -> Result<(), String> {{\n    println!(\"{{}}\", x);\n    Ok(())\n}}\n")}\n"));

    public static string Perl(Draft d) => "use strict;\nuse warnings;\n" + string.Concat(d.Many(2, 8, () => d.Pick($"my ${d.Thing()} = {d.Number()};\n", $"my @{d.Thing()} = split(/,/, $_);\n", $"sub {d.Thing()} {{\n    my ($self, ${d.Thing()}) = @_;\n    return $self->{{{d.Thing()}}};\n}}\n", $"foreach my ${d.Thing()} (@{d.Thing()}) {{\n    print \"${d.Thing()}\\n\" if ${d.Thing()} =~ /^{d.Word()}$/;\n}}\n", $"$hash{{'{d.Thing()}'}} = '{d.Phrase()}';\n", "1;\n")));
}
