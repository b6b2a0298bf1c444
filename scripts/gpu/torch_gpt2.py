#!/usr/bin/env python3
"""Trains a GPT-2 in plain PyTorch (eager, autocast, fused AdamW) and prints tokens per second: the yardstick of
scripts/bench-train and scripts/gpu/check-programs. Weights and tokens are random, every token is a label.

B sequences of a batch, T tokens each, C width, V vocabulary, NH heads, HS size of a head.
"""
import argparse
import json
import statistics
import time

import torch
from torch import nn
from torch.nn import functional as F

SHAPE = {'vocab_size': 50257, 'n_positions': 1024, 'n_embd': 768, 'n_layer': 12, 'n_head': 12, 'layer_norm_epsilon': 1e-5}
SMALL = {**SHAPE, 'vocab_size': 8002, 'n_embd': 384, 'n_layer': 6, 'n_head': 6}  # what recipe trains
MODELS = {'gpt2': SHAPE, 'small': SMALL}
TYPES = {'fp32': torch.float32, 'fp16': torch.float16, 'bf16': torch.bfloat16}


class Attention(nn.Module):
    def __init__(self, shape):
        super().__init__()
        width = shape['n_embd']
        self.heads = shape['n_head']
        self.c_attn = nn.Linear(width, 3 * width)
        self.c_proj = nn.Linear(width, width)

    def forward(self, x):
        batch, length, width = x.shape
        qkv = self.c_attn(x).view(batch, length, 3, self.heads, width // self.heads)  # (B, T, 3, NH, HS)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)                                          # (B, NH, T, HS) each
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)                   # (B, NH, T, HS)
        return self.c_proj(y.transpose(1, 2).reshape(batch, length, width))           # (B, T, C)


class Mlp(nn.Module):
    def __init__(self, shape):
        super().__init__()
        width = shape['n_embd']
        self.c_fc = nn.Linear(width, 4 * width)
        self.c_proj = nn.Linear(4 * width, width)

    def forward(self, x):
        return self.c_proj(F.gelu(self.c_fc(x), approximate='tanh'))  # (B, T, C)


class Block(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.ln_1 = nn.LayerNorm(shape['n_embd'], eps=shape['layer_norm_epsilon'])
        self.attn = Attention(shape)
        self.ln_2 = nn.LayerNorm(shape['n_embd'], eps=shape['layer_norm_epsilon'])
        self.mlp = Mlp(shape)

    def forward(self, x):
        x = x + self.attn(self.ln_1(x))
        return x + self.mlp(self.ln_2(x))  # (B, T, C)


class Gpt2(nn.Module):
    """Parameters have the names of Hugging Face's files; matrices are [out, in]."""

    def __init__(self, shape):
        super().__init__()
        self.wte = nn.Embedding(shape['vocab_size'], shape['n_embd'])
        self.wpe = nn.Embedding(shape['n_positions'], shape['n_embd'])
        self.h = nn.ModuleList(Block(shape) for _ in range(shape['n_layer']))
        self.ln_f = nn.LayerNorm(shape['n_embd'], eps=shape['layer_norm_epsilon'])
        for parameter in self.parameters():
            if parameter.dim() == 2:
                nn.init.normal_(parameter, std=0.02)

    def forward(self, ids, labels):
        """The mean loss of ids (B, T), whose next tokens are labels (B, T)."""
        x = self.wte(ids) + self.wpe(torch.arange(ids.size(1), device=ids.device))  # (B, T, C)
        for block in self.h:
            x = block(x)                                                            # (B, T, C)
        logits = F.linear(self.ln_f(x), self.wte.weight)                            # (B, T, V)
        return F.cross_entropy(logits.float().flatten(0, 1), labels.flatten())


class Training:
    """Steps of AdamW over one batch, which is the same in each step."""

    def __init__(self, precision, batch, length, device, shape=None):
        shape = shape or SHAPE
        torch.manual_seed(1)
        self.model = Gpt2(shape).to(device)
        self.device, self.type = device, TYPES[precision]
        parameters = list(self.model.parameters())
        self.optimizer = torch.optim.AdamW([
            {'params': [p for p in parameters if p.dim() == 2], 'weight_decay': 0.1},
            {'params': [p for p in parameters if p.dim() != 2], 'weight_decay': 0.0}], lr=1e-4, betas=(0.9, 0.95), fused=True)
        self.scaler = torch.amp.GradScaler(device.type, enabled=precision == 'fp16')
        self.ids = torch.randint(0, shape['vocab_size'], (batch, length + 1)).to(device)

    @torch.enable_grad()
    def step(self):
        with torch.autocast(self.device.type, dtype=self.type, enabled=self.type != torch.float32):
            loss = self.model(self.ids[:, :-1], self.ids[:, 1:])
        self.scaler.scale(loss).backward()
        self.scaler.unscale_(self.optimizer)
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.scaler.step(self.optimizer)
        self.scaler.update()
        self.optimizer.zero_grad(set_to_none=True)
        return loss.item()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--device', type=torch.device, default='cpu')
    parser.add_argument('--model', choices=MODELS, default='gpt2')
    parser.add_argument('--precision', choices=TYPES, default='bf16')
    parser.add_argument('--batch', type=int, default=4)
    parser.add_argument('--length', type=int, default=256)
    parser.add_argument('--steps', type=int, default=8, help='the first two do not count')
    parser.add_argument('--threads', type=int, default=torch.get_num_threads())
    a = parser.parse_args()
    torch.set_num_threads(a.threads)
    training = Training(a.precision, a.batch, a.length, torch.device(a.device), MODELS[a.model])
    rates = []
    for step in range(a.steps):
        started = time.perf_counter()
        loss = training.step()
        rates.append(a.batch * a.length / (time.perf_counter() - started))
        print(f'step {step} loss {loss:.4f} tokens/s {rates[-1]:.0f}', flush=True)
    print(json.dumps({'model': a.model, 'precision': a.precision, 'batch': a.batch, 'length': a.length,
                      'tokens_per_second_median': statistics.median(rates[2:] or rates)}))


if __name__ == '__main__':
    main()
