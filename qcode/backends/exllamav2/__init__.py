"""ExLlamaV2's kernels under a generator of our own.

ExLlamaV2 0.3.2 is the last of its kind and ends before Qwen3.5; its generator winds keys and values
back freely, which a recurrent state cannot follow. So the model (`qcode.backends.qwen3_5`) and the
loop are ours, and the kernels that multiply by packed weights are ExLlamaV2's. Without a GPU the
same code runs in plain torch, slowly: that is how it is tested.
"""
