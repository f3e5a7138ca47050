#include "samples.h"

const struct sample samples[] = {
    {"factorial",
     "    push 10 call fact print halt\n"
     "fact: ; n -- n!\n"
     "    dup push 2 lt jz more\n"
     "    pop push 1 ret\n"
     "more:\n"
     "    dup push 1 sub call fact mul ret\n"},
    {"fibonacci",
     "    push 0 push 1\n"
     "loop:\n"
     "    over print\n"
     "    swap over add\n"
     "    over push 100 lt jz done\n"
     "    jump loop\n"
     "done:\n"
     "    pop print halt\n"},
    {"sieve",
     "    push 2 store 0 ; candidate\n"
     "next: load 0 push 60 lt jz done\n"
     "    load 0 push 10 add peek jz prime\n"
     "step: load 0 push 1 add store 0 jump next\n"
     "prime: load 0 print\n"
     "    load 0 dup mul\n"
     "mark: dup push 60 lt jz clear\n"
     "    dup push 1 swap push 10 add poke\n"
     "    load 0 add jump mark\n"
     "clear: pop jump step\n"
     "done: halt\n"},
    {"collatz",
     "    push 27 store 1\n"
     "loop: load 2 push 1 add store 2\n"
     "    load 1 push 1 eq jz odd\n"
     "    load 2 print halt\n"
     "odd: load 1 push 2 mod jz even\n"
     "    load 1 push 3 mul push 1 add store 1 jump loop\n"
     "even: load 1 push 2 div store 1 jump loop\n"},
    {"divide", "push 1 push 0 div print halt\n"},
    {"runaway", "loop: push 1 pop jump loop\n"},
    {"recursive", "loop: call loop\n"},
    {"outside", "push 3 push 500 poke\n"},
    {"empty stack", "push 1 add\n"},
    {"typo", "push 1\nprnt halt\n"},
    {"no operand", "push 1\n\npush ; nothing\n"},
    {"twice", "a: halt\na: halt\n"},
    {"nowhere", "jump there\n"},
};

const size_t sample_count = sizeof samples / sizeof samples[0];
