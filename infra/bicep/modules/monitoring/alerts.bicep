metadata name = 'Alerts'
metadata description = 'Every alert, bound to an action group.'

import { tagSet, watchedApp } from '../../types.bicep'

@description('Required. What names begin with.')
#disable-next-line no-unused-params
param prefix string

@description('Required. Region.')
#disable-next-line no-unused-params
param location string

@description('Required. Tags of every resource.')
#disable-next-line no-unused-params
param tags tagSet

@description('Required. The workspace that log alerts query.')
#disable-next-line no-unused-params
param workspaceId string

@description('Required. The Application Insights component.')
#disable-next-line no-unused-params
param componentId string

@description('Required. Action group for what needs a person now.')
#disable-next-line no-unused-params
param criticalActionId string

@description('Required. Action group for what can wait.')
#disable-next-line no-unused-params
param warningActionId string

@description('Required. The Function Apps of all stamps.')
#disable-next-line no-unused-params
param apps watchedApp[]

@description('Required. The host storage accounts of all stamps.')
#disable-next-line no-unused-params
param hostStorageIds string[]

@description('Required. The data storage account.')
#disable-next-line no-unused-params
param dataStorageId string

@description('Required. The Event Hubs namespace.')
#disable-next-line no-unused-params
param eventHubsId string

@description('Required. The key vault.')
#disable-next-line no-unused-params
param vaultId string

@description('Optional. The Durable Task Scheduler; empty with the storage provider.')
#disable-next-line no-unused-params
param schedulerId string
