import { MongoClient } from 'mongodb';
import { one } from '#core';
export const two: number = one + MongoClient.length;
